import { loadSample } from '../../../local/sample/load-sample';
import { makeSample } from '../../../local/sample/sample';
import { manifestKey } from '../../../shared/messages/output-paths';
import { allObjects } from '../../../shared/messages/pages';
import { CliWorld } from './cli-world';

const sample = makeSample({ dateIn: () => '2025-08-11' });
const TENANT = 'hudson-kitchen';
const DAY = ['--date', '2025-08-11', '--tenant', TENANT];

let world: CliWorld;

beforeAll(async () => {
  world = new CliWorld();
  await loadSample({ dataStore: () => world.data, metadata: world.metadata }, sample);
  await world.run(['run', 'export', ...DAY]);
});

test('a day that is as it was published: one line, exit code 0', async () => {
  const { code, stdout } = await world.run(['verify', ...DAY, '--deep']);

  expect(code).toBe(0);
  expect(stdout.lines[0]).toMatch(
    /^hudson-kitchen on 2025-08-11: as published \([\d,]+ messages, \d+ parts, .+, every row compared with its message\); input unchanged$/,
  );
  expect(stdout.lines.at(-2)).toBe('1 day of a tenant verified: none has an error.');
});

test('--json: the verdicts as data', async () => {
  const { code, stdout } = await world.run(['verify', ...DAY, '--json']);

  expect(code).toBe(0);
  expect(stdout.lines).toHaveLength(1);
  expect(stdout.lastJson).toEqual({
    status: 'completed',
    days: [
      {
        tenant: TENANT,
        date: '2025-08-11',
        deep: false,
        messages: sample.expected[TENANT]?.exported,
        parts: expect.any(Number),
        bytes: expect.any(Number),
        input: 'unchanged',
        ok: true,
        findings: [],
      },
    ],
  });
});

test('a day that is not published, a tenant that is not known: what is wrong and what to do, exit code 1', async () => {
  const { code, stdout } = await world.run([
    ...['verify', '--from', '2025-08-09', '--to', '2025-08-10'],
    ...['--tenant', TENANT, '--tenant', 'nobody'],
  ]);

  expect(code).toBe(1);
  expect(stdout.text).toContain('hudson-kitchen on 2025-08-09: 1 error\n  error day_missing\n');
  expect(stdout.text).toContain('What to do: makoto-batch run export --date 2025-08-10 --tenant hudson-kitchen\n');
  expect(stdout.text).toContain('nobody on 2025-08-10: 1 error\n  error tenant_refused\n');
  expect(stdout.lines.at(-2)).toBe('4 days of tenants verified: 4 with errors.');
});

test('what is told to be done is done by the command line, and mends the day', async () => {
  // prepare
  const { data } = world;
  for await (const { key } of allObjects(data, `${TENANT}/analytics/rooms/`)) await data.delete(key);
  const broken = await world.run(['verify', ...DAY, '--json']);
  const [day] = broken.stdout.lastJson.days as [{ readonly findings: readonly [{ readonly do: string }] }];

  // act
  const mended = await world.run(day.findings[0].do.split(' ').slice(1));

  // assess
  expect(broken.code).toBe(1);
  expect(mended.code).toBe(0);
  expect((await world.run(['verify', ...DAY])).code).toBe(0);
});

test('a store that does not answer is a day that could not be looked into, and no other day', async () => {
  const { data } = world;
  const own = Object.create(data, {
    name: { value: data.name },
    read: {
      value: async (key: string, ...more: []) => {
        if (key === manifestKey('minato-travel', '2025-08-11')) throw new Error('out of order');
        return data.read(key, ...more);
      },
    },
  });
  world.ownStores.set('minato-travel', own);

  const { code, stdout } = await world.run([
    'verify',
    '--date',
    '2025-08-11',
    '--json',
    '--tenant',
    TENANT,
    '--tenant',
    'minato-travel',
  ]);

  world.ownStores.clear();
  expect(code).toBe(1);
  expect(stdout.lastJson).toMatchObject({
    status: 'failed',
    days: [{ ok: true }, { tenant: 'minato-travel', ok: false, findings: [{ code: 'not_verified' }] }],
  });
});

test('without a date it is the day of the schedule; wrong arguments are exit code 2', async () => {
  const scheduled = await world.run(['verify', '--tenant', TENANT, '--json']);
  const wrong = await world.run(['verify', '--date', 'yesterday']);

  // At noon on 12 August in Tokyo it is still the evening of the 11th in New York.
  expect(scheduled.stdout.lastJson).toMatchObject({ days: [{ date: '2025-08-10' }] });
  expect(wrong.code).toBe(2);
});
