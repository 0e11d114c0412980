import { DoctorWorld } from './doctor-world';

describe('settings', () => {
  test('all wrong ones are told at once, and what can be examined is', async () => {
    const world = await DoctorWorld.healthy();
    world.env = { ...world.env, PLAN_AUDIT_SHARE: '7', DB_PORT: 'x', LOG_LEVEL: 'loud' };

    const checks = await world.examine();

    const problems = checks.filter(({ status }) => status === 'problem');
    expect(problems.map(({ check, subject }) => [check, subject])).toEqual([
      ['settings', 'PLAN_AUDIT_SHARE'],
      ['settings', 'DB_PORT'],
      ['settings', 'LOG_LEVEL'],
    ]);
    expect(checks.some(({ check, status }) => check === 'storage' && status === 'ok')).toBe(true);
    // Half of the database's address leads nowhere.
    expect(checks.some(({ check }) => check === 'database')).toBe(false);
  });

  test('where they do not say where the data is, nothing is tried anywhere else', async () => {
    const world = await DoctorWorld.healthy();
    world.env = { ...world.env, DATA_CONTAINER: 'Not A Container' };

    const checks = await world.complaints();

    expect(checks.map(({ check, status, subject }) => [check, status, subject])).toEqual([
      ['settings', 'problem', 'DATA_CONTAINER'],
      ['storage', 'problem', undefined],
    ]);
    expect(world.disposed).toBe(0);
  });

  test('a file that cannot be read is a problem beside the others', async () => {
    const world = await DoctorWorld.healthy();
    world.fileProblems = ['ENV_FILE: expected a file that can be read, got "x.env" (ENOENT)'];

    expect(await world.complaints()).toMatchObject([{ check: 'settings', status: 'problem', subject: 'ENV_FILE' }]);
  });

  test.each([
    ['BUSINES_TIME_ZONE', 'BUSINESS_TIME_ZONE'],
    ['BUSINESS_TIMEZONE', 'BUSINESS_TIME_ZONE'],
    ['business_time_zone', 'BUSINESS_TIME_ZONE'],
    ['EXPORT_SHCEDULE', 'EXPORT_SCHEDULE'],
    ['DB_HOTS', 'DB_HOST'],
    ['EXPORT_SHARD_ROOMS', 'EXPORT_SHARD_MESSAGES'],
    ['DB_USER', 'DB_USERNAME'],
  ])('%s looks like %s, and its value is not shown', async (name, meant) => {
    const world = await DoctorWorld.healthy();
    world.env = { ...world.env, [name]: 'a value of a stranger' };

    const complaints = await world.complaints();

    expect(complaints).toMatchObject([{ check: 'settings', status: 'warning', subject: name }]);
    expect(complaints[0]?.do).toContain(meant);
    expect(JSON.stringify(complaints)).not.toContain('stranger');
  });

  test('names that are nobody’s mistake are not told', async () => {
    const world = await DoctorWorld.healthy();
    const names = [
      'HOME',
      'AWS_REGION',
      'AWS_PROFILE',
      'DB_URL',
      'HOSTNAME',
      'WEBSITE_SITE_NAME',
      'TZ',
      'PGHOST',
      'NODE_ENV',
      'LOG_FILE',
    ];
    world.env = { ...world.env, ...Object.fromEntries(names.map((name) => [name, 'x'])) };

    expect(await world.complaints()).toEqual([]);
  });

  test('a sync that is half set up is a warning, one that is not wanted is fine', async () => {
    const half = await DoctorWorld.healthy();
    half.env = { ...half.env, YOUTUBE_API_KEY: undefined };
    const none = await DoctorWorld.healthy();
    none.env = { ...none.env, YOUTUBE_API_KEY: '', DB_HOST: ' ', YOUTUBE_CHANNEL_IDS: undefined };

    expect(await half.complaints()).toMatchObject([
      { check: 'settings', status: 'warning', found: expect.stringContaining('YOUTUBE_API_KEY') },
    ]);
    expect(await none.complaints()).toEqual([]);
  });
});
