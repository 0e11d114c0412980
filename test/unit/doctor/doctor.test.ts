import { SecretError, StorageError, YoutubeError } from '../../../shared/errors';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { CHECKS } from '../../../shared/operations/doctor/check';
import { PROBE } from '../../../shared/operations/doctor/metadata-check';
import type { MetadataItem } from '../../../shared/ports/metadata-store';
import type { WriteOptions } from '../../../shared/ports/object-store';
import { QuotaLedger } from '../../../shared/youtube/quota-ledger';
import { messageBody, messageKeyAt } from '../../support/chat';
import { snapshot } from '../../support/export-world';
import { standingClock } from '../../support/standing-clock';
import { watched } from '../../support/store-spies';
import { DoctorWorld } from './doctor-world';

describe('where everything is fine', () => {
  test('every check says so, and says what it found', async () => {
    const world = await DoctorWorld.healthy();

    const checks = await world.examine();

    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect([...new Set(checks.map(({ check }) => check))]).toEqual([...CHECKS]);
    expect(checks.every(({ found }) => found !== '')).toBe(true);
    expect(world.disposed).toBe(1);
  });

  test('nothing is left behind but the doctor’s item and the unit of quota', async () => {
    // prepare
    const world = await DoctorWorld.healthy();
    const at = '2025-08-11T03:00:00.000Z';
    await world.memory.write(
      messageKeyAt('acme', 'alice', 'r', at, 'm'),
      Buffer.from(JSON.stringify(messageBody('m', at))),
      {
        contentType: 'application/json',
      },
    );
    const before = await snapshot(world.memory);
    const puts: string[] = [];
    world.metadata = {
      name: world.items.name,
      get: (...asked) => world.items.get(...asked),
      query: (...asked) => world.items.query(...asked),
      put: async (item: MetadataItem, ...more) => {
        puts.push(`${item.PK} / ${item.SK}`);
        await world.items.put(item, ...more);
      },
    };

    // act
    await world.examine();
    await world.examine();

    // assess
    expect(await snapshot(world.memory)).toEqual(before);
    expect(new Set(puts)).toEqual(
      new Set([`${PROBE.PK} / ${PROBE.SK}`, expect.stringMatching(/^SYSTEM#YOUTUBE_QUOTA \/ KEY#0123456789abcdef#/)]),
    );
    expect(world.api.requests).toHaveLength(2);
    const ledger = new QuotaLedger({
      metadata: world.items,
      clock: standingClock(() => world.nowMs),
      random: () => 0.5,
      keyId: '0123456789abcdef',
      dailyLimit: 10_000,
    });
    expect(await ledger.state()).toMatchObject({ spent: 2, reserved: 0 });
  });
});

describe('versions', () => {
  test('a Node that is too old is a problem', async () => {
    const world = await DoctorWorld.healthy();
    world.versions = { batch: '0.1.0', node: '20.19.4' };

    expect(await world.complaints()).toMatchObject([
      { check: 'versions', status: 'problem', do: expect.stringContaining('20.20') },
    ]);
  });
});

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

describe('clock', () => {
  test.each([
    [0, []],
    [-29_000, []],
    [90_000, [{ status: 'warning', found: expect.stringContaining('90 s behind') }]],
    [-90_000, [{ status: 'warning', found: expect.stringContaining('89 s ahead') }]],
    [600_000, [{ status: 'problem', found: expect.stringContaining('behind') }]],
  ])('the storage service’s is %p ms further', async (further, expected) => {
    const world = await DoctorWorld.healthy();
    world.otherClock = async () => ({ nowMs: world.nowMs + further, name: 'the account' });

    expect(await world.complaints('clock')).toEqual(expected.map((each) => expect.objectContaining(each)));
  });

  test('a service that does not say is a problem', async () => {
    const world = await DoctorWorld.healthy();
    world.otherClock = async () => {
      throw new StorageError('The account did not answer.', { code: 'storage_connection_lost', kind: 'transient' });
    };

    expect(await world.complaints()).toMatchObject([
      { check: 'clock', status: 'problem', found: expect.stringContaining('storage_connection_lost') },
    ]);
  });
});

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

const denied = () => new StorageError('No.', { code: 'access_denied', kind: 'configuration' });

describe('storage', () => {
  test.each([
    ['list', 'Listing acme/chat/'],
    ['read', 'Reading an object below acme/chat/'],
  ] as const)('messages that may not be %sed', async (method, doing) => {
    const world = await DoctorWorld.healthy();
    await world.memory.write('acme/chat/alice/r/messages/2025/08/11/x.json', Buffer.from('{}'), { contentType: 'x' });
    world.data = watched(world.memory, (call) => {
      if (call.method === method) throw denied();
    });

    const complaints = await world.complaints();

    expect(complaints).toMatchObject([{ check: 'storage', status: 'problem', subject: 'the container' }]);
    expect(complaints[0]?.found).toContain(`${doing} failed: access_denied`);
    expect(complaints[0]?.do).toContain('Storage Blob Data Contributor');
  });

  test.each([
    ['write', 'Writing'],
    ['read', 'Reading'],
    ['delete', 'Deleting'],
  ] as const)('output that may not be: %s', async (method, doing) => {
    const world = await DoctorWorld.healthy();
    world.analytics = watched(world.memory, ({ method: called, key }) => {
      if (called === method && key.includes('/_doctor/')) throw denied();
    });

    const complaints = await world.complaints('storage');

    expect(complaints[0]).toMatchObject({
      status: 'problem',
      found: expect.stringContaining(`${doing} acme/analytics/_doctor/probe-`),
    });
    const left = await snapshot(world.memory, 'acme/analytics/');
    expect(left.size).toBe(method === 'delete' ? 1 : 0);
    if (method === 'delete')
      expect(complaints[1]).toMatchObject({ status: 'warning', do: 'Delete it, if it is there.' });
  });

  test('a probe that another doctor left behind is removed after an hour, and not before', async () => {
    const world = await DoctorWorld.healthy();
    const left = (ageMs: number) => `acme/analytics/_doctor/probe-${world.nowMs - ageMs}-x.json`;
    for (const age of [60_000, 7_200_000]) await world.memory.write(left(age), Buffer.from('{}'), { contentType: 'x' });

    await world.examine();

    expect([...(await snapshot(world.memory)).keys()]).toEqual([left(60_000)]);
  });

  test('a store that does not heed conditions is a problem', async () => {
    class Heedless extends MemoryObjectStore {
      override write(key: string, body: Uint8Array, { contentType }: WriteOptions) {
        return super.write(key, body, { contentType });
      }
    }
    const world = await DoctorWorld.healthy();
    world.analytics = new Heedless({ name: 'heedless' });

    const complaints = await world.complaints();

    expect(complaints).toMatchObject([{ check: 'storage', status: 'problem', subject: 'heedless' }]);
    expect(complaints[0]?.found).toContain('A condition that does not hold was not heeded');
    expect((await snapshot(world.analytics)).size).toBe(0);
  });
});

describe('metadata', () => {
  test.each(['get', 'put', 'query'] as const)('a table whose %s is refused', async (method) => {
    const world = await DoctorWorld.healthy();
    const { items } = world;
    const refuse = async () => {
      throw Object.assign(denied(), { code: 'metadata_access_denied' });
    };
    world.metadata = {
      name: items.name,
      get: (...asked) => (method === 'get' && asked[1] === PROBE.SK ? refuse() : items.get(...asked)),
      put: (item, ...more) => (method === 'put' && item.SK === PROBE.SK ? refuse() : items.put(item, ...more)),
      query: (query, ...more) =>
        method === 'query' && query.sortKeyPrefix === PROBE.SK ? refuse() : items.query(query, ...more),
    };

    const complaints = await world.complaints();

    expect(complaints).toMatchObject([{ check: 'metadata', status: 'problem', subject: 'the table' }]);
    expect(complaints[0]?.found).toContain('metadata_access_denied');
  });

  test('a registry that cannot be read stops no other check', async () => {
    const world = await DoctorWorld.healthy();
    const { items } = world;
    world.metadata = {
      name: items.name,
      get: (...asked) => items.get(...asked),
      put: (...asked) => items.put(...asked),
      query: async (query, ...more) => {
        if (query.partition === 'SYSTEM#TENANTS') throw denied();
        return items.query(query, ...more);
      },
    };

    expect((await world.complaints()).map(({ check }) => check)).toEqual(['tenants']);
  });

  test('a table that does not heed conditions is a problem', async () => {
    const world = await DoctorWorld.healthy();
    const { items } = world;
    world.metadata = {
      name: items.name,
      get: (...asked) => items.get(...asked),
      query: (...asked) => items.query(...asked),
      put: (item) => items.put(item),
    };

    expect(await world.complaints('metadata')).toMatchObject([
      { status: 'problem', found: expect.stringContaining('not heeded') },
    ]);
  });
});

describe('youtube and its quota', () => {
  test('a key that is nowhere, and one that the API refuses', async () => {
    const lost = await DoctorWorld.healthy();
    lost.youtube = async () => {
      throw new SecretError('There is no YOUTUBE_API_KEY.', { code: 'secret_not_found', kind: 'configuration' });
    };
    const refused = await DoctorWorld.healthy();
    refused.api.before = () => {
      const message = 'The key the-key-of-the-youtube-data-api is not good.';
      throw new YoutubeError(message, { code: 'youtube_key_invalid', kind: 'configuration' });
    };

    expect(await lost.complaints()).toMatchObject([
      { check: 'youtube', status: 'problem', found: expect.stringContaining('secret_not_found') },
    ]);
    expect(await refused.complaints()).toMatchObject([
      { check: 'youtube', status: 'problem', found: expect.stringContaining('***') },
    ]);
  });

  test('a quota of which little is left is a warning; with none left, the API is not asked', async () => {
    const world = await DoctorWorld.healthy();
    world.env = { ...world.env, YOUTUBE_DAILY_QUOTA: '10' };
    for (let i = 0; i < 9; i++) await world.examine();

    const little = await world.complaints();
    const none = await world.complaints();

    expect(little.map(({ check, status }) => [check, status])).toEqual([['quota', 'warning']]);
    expect(none.map(({ check, status }) => [check, status])).toEqual([
      ['youtube', 'warning'],
      ['quota', 'warning'],
    ]);
    expect(world.api.requests).toHaveLength(10);
  });

  test('where the API itself says that the quota is used up, the ledger is told', async () => {
    const world = await DoctorWorld.healthy();
    world.api.before = () => {
      throw new YoutubeError('Exceeded.', { code: 'youtube_quota_exceeded', kind: 'quota' });
    };

    await world.examine();
    const complaints = await world.complaints();

    expect(world.api.requests).toHaveLength(1);
    expect(complaints.find(({ check }) => check === 'quota')?.found).toContain('The API itself says');
  });
});

describe('database', () => {
  test('tables that are not made yet are a warning, and are not made', async () => {
    const world = await DoctorWorld.healthy();
    const fresh = new DoctorWorld();

    const complaints = await fresh.complaints('database');

    expect(complaints).toMatchObject([
      {
        status: 'warning',
        found: expect.stringContaining('0001_catalogue'),
        do: expect.stringContaining('makoto-batch run youtube'),
      },
    ]);
    expect(await fresh.complaints('database')).toHaveLength(1);
    expect(await world.complaints('database')).toEqual([]);
  });

  test('one that does not answer, and one that this program may not use', async () => {
    const away = await DoctorWorld.healthy();
    away.database.before = ({ method }) => {
      if (method === 'inspect') throw denied();
    };
    const foreign = await DoctorWorld.healthy();
    const failure = { code: 'database_schema_foreign', kind: 'configuration', message: 'Not ours.' } as const;
    foreign.database.inspect = async () => ({
      serverVersion: '14.2',
      applied: [],
      missing: ['0001_catalogue'],
      problem: failure,
    });

    expect(await away.complaints()).toMatchObject([{ check: 'database', status: 'problem' }]);
    expect(await foreign.complaints()).toMatchObject([
      { check: 'database', status: 'problem', found: 'database_schema_foreign: Not ours.' },
    ]);
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
});
