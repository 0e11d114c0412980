import { SecretError, StorageError, YoutubeError } from '../../../shared/errors';
import { DoctorWorld } from './doctor-world';

const denied = () => new StorageError('No.', { code: 'access_denied', kind: 'configuration' });

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
