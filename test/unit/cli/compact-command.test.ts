import { monthManifestKey } from '../../../shared/messages/output-paths';
import { messageBody, messageKeyAt } from '../../support/chat';
import { OUTPUT_DATES, OUTPUT_MONTH, OUTPUT_TENANT } from '../../support/output-folder';
import { CliWorld, Written } from './cli-world';

// `makoto-batch compact` after `makoto-batch run`, over stores in memory.

const OTHER = 'aozora-cafe';

async function exportedWorld(): Promise<CliWorld> {
  const world = new CliWorld();
  for (const tenant of [OUTPUT_TENANT, OTHER]) {
    await world.metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${tenant}`, tenant_id: tenant });
    for (const date of OUTPUT_DATES.slice(0, 2)) {
      const key = messageKeyAt(tenant, 'aoi', 'r', `${date}T00:00:00Z`, `m-${date}`);
      const body = Buffer.from(JSON.stringify(messageBody(`m-${date}`, `${date}T00:00:00Z`)));
      await world.data.write(key, body, { contentType: 'application/json' });
    }
  }
  const days = ['--from', OUTPUT_DATES[0] ?? '', '--to', OUTPUT_DATES[1] ?? ''];
  const { code } = await world.run(['run', 'export', ...days]);
  expect(code).toBe(0);
  return world;
}

test('a month that lacks days is refused tenant by tenant, and it is said which', async () => {
  const world = await exportedWorld();

  const { code, stdout } = await world.run(['compact', '--month', OUTPUT_MONTH, '--json']);

  expect(code).toBe(1);
  expect(stdout.lastJson).toMatchObject({
    status: 'failed',
    month: OUTPUT_MONTH,
    tenants: [
      { tenant: OTHER, status: 'failed', failure: { code: 'month_incomplete', tenant: OTHER, stage: 'compact' } },
      { tenant: OUTPUT_TENANT, status: 'failed', failure: { message: expect.stringContaining('29 of its days') } },
    ],
  });
});

test('with --partial it is made of what there is, and then stands', async () => {
  const world = await exportedWorld();
  const args = ['compact', '--month', OUTPUT_MONTH, '--partial', '--tenant', OUTPUT_TENANT];

  const first = await world.run(args);
  const second = await world.run([...args, '--json'], { stdout: new Written() });

  expect(first.code).toBe(0);
  expect(first.stdout.lines[0]).toMatch(
    /^2025-08 of hinata-books: compacted; 2 days, 8 rows, 8 parts of days in 4 files, \d+\.\d kB$/,
  );
  expect(first.stdout.text).toContain('without 2025-08-01, ');
  expect(second.stdout.lastJson).toMatchObject({
    status: 'completed',
    tenants: [{ tenant: OUTPUT_TENANT, status: 'completed', changed: false, days: 2, rows: 8, sources: 8, parts: 4 }],
  });
  expect(await world.data.head(monthManifestKey(OUTPUT_TENANT, OUTPUT_MONTH))).toBeDefined();
  expect(await world.data.head(monthManifestKey(OTHER, OUTPUT_MONTH))).toBeUndefined();
});

test('a tenant that fails stops no other', async () => {
  const world = await exportedWorld();
  const args = ['--tenant', 'nobody', '--tenant', OTHER, '--partial', '--json'];

  const { code, stdout } = await world.run(['compact', '--month', OUTPUT_MONTH, ...args]);

  expect(code).toBe(1);
  expect(stdout.lastJson).toMatchObject({
    status: 'partial',
    tenants: [
      { tenant: 'nobody', status: 'failed', failure: { code: 'tenant_unknown' } },
      { tenant: OTHER, status: 'completed' },
    ],
  });
});

test.each([
  [['--month', '2025-13'], /--month: expected a month as yyyy-mm, got "2025-13"/],
  [[], /--month/],
] as const)('compact %s is wrong, and it is said why', async (args, problem) => {
  const { code, stderr } = await new CliWorld().run(['compact', ...args]);

  expect(code).toBe(2);
  expect(stderr.text).toMatch(problem);
});
