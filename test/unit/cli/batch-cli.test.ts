import { isSampleLoaded, loadSample } from '../../../local/sample/load-sample';
import { makeSample } from '../../../local/sample/sample';
import type { RunReport } from '../../../shared/batch/report';
import { StorageError } from '../../../shared/errors';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { snapshot } from '../../support/export-world';
import { CliWorld, ENVIRONMENT, Written } from './cli-world';

const sample = makeSample({ dateIn: () => '2025-08-11' });

async function worldWithSample(): Promise<CliWorld> {
  const world = new CliWorld();
  await loadSample({ dataStore: () => world.data, metadata: world.metadata }, sample);
  return world;
}

/** A container that is not there. */
class MissingContainer extends MemoryObjectStore {
  override async list(): Promise<never> {
    throw new StorageError('The container makoto-minato does not exist.', {
      code: 'container_not_found',
      kind: 'configuration',
    });
  }
  override read = this.list;
  override head = this.list;
  override write = this.list;
  override listPrefixes = this.list;
}

describe('run', () => {
  test('exports the sample: each tenant’s counts are the generator’s, and the exit code is 0', async () => {
    const world = await worldWithSample();

    const { code, stdout, stderr } = await world.run(['run', 'export', '--date', '2025-08-11', '--json']);

    const report = stdout.lastJson as unknown as RunReport;
    expect(code).toBe(0);
    expect(report.status).toBe('completed');
    expect(report.jobs).toHaveLength(1);
    expect(report.jobs[0]?.tenants.map(({ tenant }) => tenant)).toEqual(Object.keys(sample.expected));
    for (const tenant of report.jobs[0]?.tenants ?? [])
      expect(tenant).toMatchObject(sample.expected[tenant.tenant] ?? {});
    expect(stdout.lines).toHaveLength(1);
    expect(stderr.text).toContain('= outside  + exported  + duplicates  + quarantined');
  });

  test('without --json the table goes to standard output and the progress to standard error', async () => {
    const world = await worldWithSample();

    const { code, stdout, stderr } = await world.run([
      'run',
      'all',
      '--date',
      '2025-08-11',
      '--tenant',
      'hudson-kitchen',
    ]);

    expect(code).toBe(0);
    expect(stdout.lines[0]).toBe('export of 2025-08-11: completed');
    expect(stdout.text).toMatch(/^hudson-kitchen +2025-08-11 +completed/m);
    expect(stdout.text).not.toContain('hinata-books');
    expect(stderr.text).toContain('export of 2025-08-11: hudson-kitchen completed (1 of 1)\n');
  });

  test('a range runs day by day, and what the days came to is one report', async () => {
    const world = await worldWithSample();

    const { code, stdout } = await world.run([
      ...['run', 'export', '--from', '2025-08-10', '--to', '2025-08-11', '--json'],
      ...['--tenant', 'hudson-kitchen', '--tenant', 'minato-travel'],
    ]);

    const { status, jobs } = stdout.lastJson as unknown as RunReport;
    expect(code).toBe(0);
    expect(status).toBe('completed');
    expect(jobs.map(({ date, tenants }) => [date, tenants.length])).toEqual([
      ['2025-08-10', 2],
      ['2025-08-11', 2],
    ]);
  });

  test('a tenant without a container makes the run partial: exit code 1, the tenant named, the others exported', async () => {
    const world = await worldWithSample();
    world.ownStores.set('minato-travel', new MissingContainer());

    const { code, stdout } = await world.run(['run', 'export', '--date', '2025-08-11']);

    expect(code).toBe(1);
    expect(stdout.lines[0]).toBe('export of 2025-08-11: partial');
    expect(stdout.text).toContain('minato-travel failed in plan: container_not_found (configuration)');
    expect(stdout.text).toContain('  The container makoto-minato does not exist.');
    expect(stdout.text).toContain('  What to do: Create the container');
    expect(stdout.text).toMatch(/^hinata-books +2025-08-11 +completed/m);
  });

  test('a run that fails for every tenant is failed: exit code 1', async () => {
    const world = new CliWorld();

    const { code, stdout } = await world.run(['run', 'export', '--date', '2025-08-11', '--json']);

    expect(code).toBe(1);
    expect(stdout.lastJson).toMatchObject({
      status: 'failed',
      jobs: [{ status: 'failed', failure: { code: 'tenant_registry_empty' } }],
    });
  });

  test('without a date it is the day of the schedule, by each tenant’s own zone', async () => {
    const world = await worldWithSample();

    const { stdout } = await world.run(['run', 'export', '--json']);

    const { jobs } = stdout.lastJson as unknown as RunReport;
    // At noon on 12 August in Tokyo it is still the evening of the 11th in New York.
    expect(jobs[0]?.tenants.map(({ tenant, date }) => [tenant, date])).toEqual([
      ['hinata-books', '2025-08-11'],
      ['hudson-kitchen', '2025-08-10'],
      ['minato-travel', '2025-08-11'],
    ]);
  });
});

describe('plan', () => {
  test('tells what would be read and changes nothing', async () => {
    const world = await worldWithSample();
    const before = await snapshot(world.data);

    const { code, stdout } = await world.run(['plan', 'export', '--date', '2025-08-11', '--json']);

    const { jobs } = stdout.lastJson as { jobs: { tenants: Record<string, unknown>[] }[] };
    expect(code).toBe(0);
    expect(await snapshot(world.data)).toEqual(before);
    for (const { tenant, listed, published } of jobs[0]?.tenants ?? []) {
      expect({ listed, published }).toEqual({ listed: sample.expected[String(tenant)]?.listed, published: false });
    }
  });

  test('for people it is a table, and a tenant that cannot be looked at is named: exit code 1', async () => {
    const world = await worldWithSample();
    world.ownStores.set('minato-travel', new MissingContainer());

    const { code, stdout } = await world.run(['plan', 'all', '--date', '2025-08-11']);

    expect(code).toBe(1);
    expect(stdout.text).toMatch(
      /^tenant +date +rooms +shards +to read +bytes +outside +requests +parts up to +published$/m,
    );
    expect(stdout.text).toMatch(/^hinata-books +2025-08-11 +\d+ +1 .* 4 +no$/m);
    expect(stdout.text).toContain('minato-travel failed in plan: container_not_found');
    expect(stdout.text).toContain('Nothing was written.');
  });
});

describe('what is wrong ends with exit code 2', () => {
  test.each([
    ['a job that is not there', ['run', 'sync'], 'Allowed choices are export, youtube, all'],
    ['a job without its settings', ['run', 'youtube'], 'DB_HOST is not set, neither YOUTUBE_API_KEY nor'],
    [
      'a date of a job that knows only now',
      ['run', 'youtube', '--date', '2025-08-11'],
      '--date: the job youtube takes',
    ],
    [
      'a video of a job without videos',
      ['run', 'export', '--video', 'dQw4w9WgXcQ'],
      '--video: belongs to the job youtube',
    ],
    ['no job', ['run'], "missing required argument 'job'"],
    ['no command', [], 'The arguments are wrong.'],
    ['an unknown command', ['walk'], "unknown command 'walk'"],
    ['an unknown option', ['run', 'export', '--fast'], "unknown option '--fast'"],
    ['one argument too many', ['run', 'export', 'all'], 'too many arguments'],
    ['a date that does not exist', ['run', 'export', '--date', '2025-02-30'], '--date: expected a date that exists'],
    ['from without to', ['plan', 'export', '--from', '2025-08-11'], '--to: is missing'],
    [
      'a date and a range',
      ['run', 'export', '--date', '2025-08-11', '--to', '2025-08-12'],
      '--date: expected either date',
    ],
    ['a badly named tenant', ['run', 'export', '--tenant', '../x'], '--tenant: The tenant id "../x"'],
    [
      'a day that has not begun',
      ['run', 'export', '--date', '2025-08-14', '--tenant', 'hinata-books'],
      'a day that has begun',
    ],
    ['the same in a plan', ['plan', 'export', '--date', '2025-08-14'], 'a day that has begun'],
  ])('%s', async (_what, args, said) => {
    const world = await worldWithSample();
    const before = await snapshot(world.data);

    const people = await world.run(args);
    const program = await world.run([...args, '--json']);

    expect(people.code).toBe(2);
    expect(people.stdout.text + people.stderr.text).toContain(said);
    expect(people.stderr.text).not.toMatch(/^ +at /m);
    expect(program.code).toBe(2);
    expect(program.stdout.lastJson).toMatchObject({ status: 'failed' });
    expect(await snapshot(world.data)).toEqual(before);
  });

  test('wrong settings: each one on a line, and no secret shown', async () => {
    const env = {
      ...ENVIRONMENT,
      TARGET_DATE_OFFSET: 'yesterday',
      BUSINESS_TIME_ZONE: 'Tokyo',
      COSMOS_KEY: 'sekrit-key',
    };

    const { code, stdout, stderr } = await new CliWorld().run(['run', 'export', '--json'], { env });

    expect(code).toBe(2);
    expect(stderr.lines).toEqual([
      'The settings are wrong.',
      expect.stringMatching(/^ {2}- TARGET_DATE_OFFSET: expected a whole number/),
      expect.stringMatching(/^ {2}- BUSINESS_TIME_ZONE: expected the name of an IANA time zone/),
    ]);
    expect(stdout.lastJson).toMatchObject({
      status: 'failed',
      jobs: [],
      error: { code: 'settings_invalid', problems: [expect.any(String), expect.any(String)] },
    });
    expect(stdout.text + stderr.text).not.toContain('sekrit-key');
  });

  test('a .env file that is not there', async () => {
    const { code, stderr } = await new CliWorld().run(['run', 'export', '--env-file', '/nowhere/x.env']);

    expect(code).toBe(2);
    expect(stderr.text).toContain('ENV_FILE: expected a file that can be read, got "/nowhere/x.env"');
  });
});

test('a defect is no wrong input: exit code 1, its message, and no stack', async () => {
  const world = new CliWorld();
  const broken = Object.assign(Object.create(world) as CliWorld, {
    createPlatform: () => {
      throw new TypeError('a is not a function');
    },
  });

  const { code, stdout, stderr } = await broken.run(['run', 'export', '--json']);

  expect(code).toBe(1);
  expect(stdout.lastJson).toMatchObject({ status: 'failed', error: { code: 'internal_error' } });
  expect(stderr.text).toBe('TypeError: a is not a function\n');
});

test('help and version come on standard output with exit code 0', async () => {
  const world = new CliWorld();

  const help = await world.run(['--help']);
  const runHelp = await world.run(['run', '--help']);
  const version = await world.run(['--version']);

  expect([help.code, runHelp.code, version.code]).toEqual([0, 0, 0]);
  expect(help.stdout.text).toContain('Exit codes: 0 completed, 1 partial or failed, 2 wrong arguments or settings.');
  for (const option of ['--date', '--from', '--to', '--tenant', '--force', '--env-file', '--json']) {
    expect(runHelp.stdout.text).toContain(option);
  }
  expect(version.stdout.text).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('on a narrow terminal every line fits, and the proof is still there', async () => {
  const world = await worldWithSample();

  const { stdout } = await world.run(['run', 'export', '--date', '2025-08-11'], { stdout: new Written(true, 72) });

  expect(Math.max(...stdout.lines.map((line) => line.length))).toBeLessThanOrEqual(72);
  expect(stdout.text).toMatch(
    /listed [\d,]+ = outside [\d,]+ \+ exported [\d,]+\n {4}\+ duplicates \d+ \+ quarantined \d+/,
  );
});

test('a sample counts as loaded when all of it is', async () => {
  const empty = new CliWorld();
  const half = new CliWorld();
  const whole = await worldWithSample();
  for (const { key, body } of sample.objects.slice(0, 100))
    await half.data.write(key, body, { contentType: 'text/plain' });

  const loaded = [empty, half, whole].map((world) =>
    isSampleLoaded({ dataStore: () => world.data, metadata: world.metadata }, sample),
  );

  expect(await Promise.all(loaded)).toEqual([false, false, true]);
});
