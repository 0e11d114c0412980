import type { Channel } from '../../../shared/youtube/catalogue';
import { writeHandle } from '../../../shared/youtube/handle-note';
import { loadSync } from '../../../shared/youtube/load-sync';
import { pruneSync } from '../../../shared/youtube/prune-sync';
import { progressKey, uploadsPagesKey, videoLotKey, youtubeRoot } from '../../../shared/youtube/sync-paths';
import { handleKey, singleVideoFolder } from '../../../shared/youtube/work-paths';
import { snapshot } from '../../support/export-world';
import { sampleVideo } from '../youtube-catalogue/catalogues';
import { LoadWorld, TENANT } from '../youtube-catalogue/load-world';

const channel: Channel = {
  ...{ id: 'UCmaple', title: 'Maple', handle: '@maple', description: null, subscriberCount: 1, iconUrl: null },
};
const OLD = '2025-07-12T00-00-03.518';
const YOUNG = '2025-07-13T12-00-00.000';

let world: LoadWorld;

beforeEach(async () => {
  world = await LoadWorld.create();
});

afterEach(() => world.remove());

async function put(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await world.store.write(key, Buffer.from('{}'), { contentType: 'application/json' });
}

async function keysLeft(): Promise<string[]> {
  return [...(await snapshot(world.store)).keys()];
}

const csv = (run: string, file = 'videos.csv') => `${youtubeRoot(TENANT)}csv/${run}/${file}`;

describe('pruning on 12 August with 30 days', () => {
  test('deletes CSV runs that began before 13 July, and no other object', async () => {
    const kept = [
      csv(YOUNG),
      csv('2025-08-12T00-00-03.518'),
      csv('notes'),
      'acme2/youtube/csv/2020-01-01T00-00-00.000/a.csv',
    ];
    await put(csv(OLD), csv(OLD, 'channels.csv'), csv('2025-01-01T00-00-00.000'), ...kept);

    const pruned = await pruneSync(world.context(), 30);

    expect(pruned).toEqual({ videos: 0, channels: 0, statistics: 0, csvRuns: 2 });
    expect(await keysLeft()).toEqual([...kept].sort());
  });

  test('deletes the database’s rows until there is nothing more to delete', async () => {
    const video = (id: string) => sampleVideo({ id, channelId: channel.id });
    await loadSync(world.context({ date: '2025-07-12' }), [
      await world.put({ channel, lots: [[video('a'), video('b')]] }),
    ]);
    await loadSync(world.context({ date: '2025-08-12' }), [await world.put({ channel, lots: [[video('a')]] })]);

    const pruned = await pruneSync(world.context(), 30);

    expect(pruned).toMatchObject({ videos: 1, channels: 0, statistics: 1 });
    expect([...world.database.catalogue(TENANT).videos.keys()]).toEqual(['a']);
    expect(await pruneSync(world.context(), 30)).toMatchObject({ videos: 0, channels: 0, statistics: 0 });
  });

  test('deletes working papers that no run has touched since', async () => {
    const old = [
      progressKey(TENANT, 'UCold'),
      uploadsPagesKey(TENANT, 'UCold'),
      videoLotKey(TENANT, 'UCold', `${OLD}-1`, 0),
    ];
    const young = [
      progressKey(TENANT, 'UCnew'),
      uploadsPagesKey(TENANT, 'UCnew'),
      videoLotKey(TENANT, 'UCnew', `${OLD}-1`, 0),
    ];
    const begun = [videoLotKey(TENANT, 'UCbegun', `${YOUNG}-1`, 0)];
    const single = `${singleVideoFolder(TENANT, YOUNG, 'v')}channel.json`;
    await put(...old, ...young, ...begun, single, `${singleVideoFolder(TENANT, OLD, 'v')}channel.json`);
    for (const [id, run] of [
      ['UCold', OLD],
      ['UCnew', YOUNG],
    ] as const)
      await world.store.write(progressKey(TENANT, id), Buffer.from(JSON.stringify({ run })), {
        contentType: 'application/json',
      });
    await writeHandle(world.store, TENANT, OLD, '@old', 'UCold');
    await writeHandle(world.store, TENANT, YOUNG, '@new', 'UCnew');

    await pruneSync(world.context(), 30);

    expect(await keysLeft()).toEqual([...young, ...begun, single, handleKey(TENANT, '@new')].sort());
  });

  test('goes on where it was interrupted', async () => {
    await put(csv(OLD), csv(OLD, 'channels.csv'), progressKey(TENANT, 'UCold'), uploadsPagesKey(TENANT, 'UCold'));
    const remove = world.store.delete.bind(world.store);
    for (let allowed = 0; allowed < 4; allowed++) {
      let left = allowed === 0 ? 0 : 1;
      world.store.delete = async (key) => {
        if (left === 0) throw new Error('Killed.');
        left -= 1;
        await remove(key);
      };
      await expect(pruneSync(world.context(), 30)).rejects.toThrow('Killed.');
    }
    world.store.delete = remove;

    await pruneSync(world.context(), 30);

    expect(await keysLeft()).toEqual([]);
  });
});
