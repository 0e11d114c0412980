import { doctorLines } from '../../../local/cli/doctor-text';
import { fine, problem } from '../../../shared/operations/doctor/check';
import { CliWorld, ENVIRONMENT } from './cli-world';

const ENV = { ...ENVIRONMENT, TENANT_ID: 'acme' };

test('what is fine, what is not and what to do: a warning is no failure', async () => {
  const { code, stdout, stderr } = await new CliWorld().run(['doctor'], { env: ENV });

  expect(code).toBe(0);
  expect(stdout.lines[0]).toMatch(/^check +of +found$/);
  expect(stdout.text).toMatch(
    /^storage +the container +ok +Output can be written, read, overwritten under a condition/m,
  );
  expect(stdout.text).toContain(
    'warning: days of acme\n  No day was ever exported.\n  What to do: makoto-batch run export --date 2025-08-11 --tenant acme\n',
  );
  expect(stdout.lines.at(-2)).toBe('0 problems, 1 warning.');
  expect(stderr.text).toBe('');
});

test('a problem is exit code 1, and --json has every check as data', async () => {
  const env = { ...ENV, LOG_LEVEL: 'loud', BUSINES_TIME_ZONE: 'Asia/Tokyo' };

  const { code, stdout } = await new CliWorld().run(['doctor', '--json'], { env });

  expect(code).toBe(1);
  expect(stdout.lines).toHaveLength(1);
  const { status, checks } = stdout.lastJson as { status: string; checks: { check: string; status: string }[] };
  expect(status).toBe('failed');
  expect(checks.filter(({ check }) => check === 'settings')).toEqual([
    {
      check: 'settings',
      subject: 'LOG_LEVEL',
      status: 'problem',
      found: expect.stringContaining('loud'),
      do: expect.any(String),
    },
    expect.objectContaining({ subject: 'BUSINES_TIME_ZONE', status: 'warning' }),
  ]);
  expect(checks.some(({ check, status: found }) => check === 'metadata' && found === 'ok')).toBe(true);
});

test('settings of which nothing can be read, and a file that is not there: told, and nothing tried', async () => {
  const { code, stdout } = await new CliWorld().run(['doctor', '--env-file', '/nowhere/x.env'], { env: {} });

  expect(code).toBe(1);
  for (const name of ['ENV_FILE', 'AZURE_STORAGE_CONNECTION_STRING', 'COSMOS_ENDPOINT'])
    expect(stdout.text).toContain(`problem: settings of ${name}\n`);
  expect(stdout.text).toContain('Nothing that runs need was tried');
});

test('of many tenants without anything wrong there is one line', () => {
  const many = Array.from({ length: 200 }, (_, i) =>
    fine('days', 'The last published day is 2025-08-11.', `tenant-${i}`),
  );

  const lines = doctorLines([...many, problem('days', 'None.', 'Run it.', 'lost')]);

  expect(lines).toHaveLength(2 + 2 + 4 + 2);
  expect(lines[2]).toMatch(/^days +200 of 201 +ok +nothing is wrong$/);
  expect(lines.slice(4)).toEqual([
    '',
    'problem: days of lost',
    '  None.',
    '  What to do: Run it.',
    '',
    '1 problem, 0 warnings.',
  ]);
});
