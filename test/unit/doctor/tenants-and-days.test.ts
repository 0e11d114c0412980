import { DoctorWorld } from './doctor-world';

describe('tenants', () => {
  test('each one that is refused is named, and the others are examined', async () => {
    const world = await DoctorWorld.healthy();
    await world.items.put({ PK: 'SYSTEM#TENANTS', SK: 'TENANT#acme', tenant_id: 'acme' });
    await world.items.put({ PK: 'SYSTEM#TENANTS', SK: 'TENANT#beta', tenant_id: 'beta', time_zone: 'Mars/Olympus' });

    const checks = await world.examine();

    const [complaint, ...more] = checks.filter(({ status }) => status !== 'ok');
    expect(more).toEqual([]);
    expect(complaint).toMatchObject({ check: 'tenants', status: 'problem', subject: 'beta' });
    expect(complaint?.found).toContain('Mars/Olympus');
    expect(checks.filter(({ check }) => check === 'days').map(({ subject }) => subject)).toEqual(['acme']);
  });

  test('an empty registry is a problem where every tenant is meant, and the container is listed all the same', async () => {
    const world = await DoctorWorld.healthy();
    world.env = { ...world.env, TENANT_ID: '*' };

    const complaints = await world.complaints();

    expect(complaints.map(({ check, status }) => [check, status])).toEqual([
      ['tenants', 'problem'],
      ['storage', 'warning'],
    ]);
    expect(complaints[1]?.found).toContain('The container can be listed');
  });
});

describe('schedules', () => {
  test('the next runs are told in UTC and in the business zone', async () => {
    const world = await DoctorWorld.healthy();

    const checks = (await world.examine()).filter(({ check }) => check === 'schedules');

    expect(checks.map(({ subject, found }) => [subject, found])).toEqual([
      [
        'EXPORT_SCHEDULE',
        '0 0 17 * * * (UTC): the next run is at 2025-08-12T17:00:00Z, which is 2025-08-13 02:00:00 in Asia/Tokyo.',
      ],
      [
        'YOUTUBE_SCHEDULE',
        '0 0 15 * * * (UTC): the next run is at 2025-08-12T15:00:00Z, which is 2025-08-13 00:00:00 in Asia/Tokyo.',
      ],
    ]);
  });

  test('a run before the end of the day that it exports is a warning for the tenant', async () => {
    const world = await DoctorWorld.healthy();
    world.env = { ...world.env, TARGET_DATE_OFFSET: '0', EXPORT_SCHEDULE: '0 30 14 * * *' };

    const complaints = await world.complaints('schedules');

    expect(complaints.map(({ status, subject }) => [status, subject])).toEqual([
      ['warning', 'acme'],
      ['warning', 'beta'],
    ]);
    expect(complaints[0]?.found).toContain('exports 2025-08-12, and that day is not over then');
  });
});

describe('days', () => {
  test('missing and failed ones are named with the command that runs them', async () => {
    const world = await DoctorWorld.healthy();
    await world.record('acme', '2025-08-07', 'failed');
    await world.record('acme', '2025-08-09', 'failed');
    await world.record('beta', '2025-08-11', 'failed');

    const complaints = await world.complaints();

    expect(complaints).toMatchObject([
      {
        check: 'days',
        status: 'problem',
        subject: 'acme',
        do: 'makoto-batch run export --from 2025-08-07 --to 2025-08-09 --tenant acme',
      },
      {
        check: 'days',
        status: 'problem',
        subject: 'beta',
        do: 'makoto-batch run export --date 2025-08-11 --tenant beta',
      },
    ]);
    expect(complaints[0]?.found).toContain('2025-08-07, 2025-08-09 are not published');
  });

  test('days before a tenant’s first one are not missing; a tenant without any is a warning', async () => {
    const world = await DoctorWorld.healthy();
    world.env = { ...world.env, TENANT_ID: 'acme,fresh,none' };
    await world.record('fresh', '2025-08-11');

    expect(await world.complaints()).toMatchObject([{ check: 'days', status: 'warning', subject: 'none' }]);
  });

  test('a day whose run may still be at work is a warning', async () => {
    const world = await DoctorWorld.healthy();
    world.nowMs = Date.parse('2025-08-12T17:30:00Z');

    const complaints = await world.complaints();

    expect(complaints).toMatchObject([
      { check: 'days', status: 'warning', subject: 'acme' },
      { check: 'days', status: 'warning', subject: 'beta' },
    ]);
    expect(complaints[0]?.found).toContain('2025-08-12 is not published. The run of tonight may still be at work.');
  });

  test('a day that failed is a problem at once, also where the schedule has not come to it yet', async () => {
    const world = await DoctorWorld.healthy();
    await world.record('acme', '2025-08-12', 'failed');
    const before = await world.complaints();
    world.nowMs = Date.parse('2025-08-12T17:30:00Z');
    const after = await world.complaints();

    expect(before).toMatchObject([{ check: 'days', status: 'problem', subject: 'acme' }]);
    expect(after).toMatchObject([
      { check: 'days', status: 'problem', subject: 'acme' },
      { check: 'days', status: 'warning', subject: 'beta' },
    ]);
    expect(before[0]?.found).toContain('2025-08-12 failed: access_denied, No.');
  });
});
