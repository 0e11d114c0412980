import fc from 'fast-check';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import type { CatalogueChannel, CatalogueDatabase } from '../../../shared/ports/catalogue-database';
import type { YoutubeApi } from '../../../shared/ports/youtube-api';
import { estimatedUnits, previewSync } from '../../../shared/youtube/estimate';
import type { SyncContext } from '../../../shared/youtube/sync-context';
import { silentLog } from '../../support/silent-log';
import { DAY, NEXT_MIDNIGHT, type QuotaWorld, quotaWorld } from './quota-world';

const refuse = async (): Promise<never> => {
  throw new Error('Nothing of this kind is to be called for an estimate.');
};
const unasked: YoutubeApi = { name: 'unasked', channel: refuse, uploadsPage: refuse, videos: refuse };

function contextOf(world: QuotaWorld, channels: readonly CatalogueChannel[], dailyQuota = 10_000): SyncContext {
  const database: CatalogueDatabase = {
    name: 'catalogue',
    prepare: refuse,
    inspect: refuse,
    channels: async (tenant) => (tenant === 'tenant-1' ? channels : []),
    knownVideos: refuse,
    premieres: refuse,
    load: refuse,
    prune: refuse,
    close: refuse,
  };
  return {
    tenant: 'tenant-1',
    date: '2026-07-02',
    run: '2026-07-02T04-00-00',
    output: new MemoryObjectStore(),
    metadata: world.metadata,
    database,
    youtube: async () => ({ api: unasked, keyId: 'key-1' }),
    options: { dailyQuota, csvRows: 1_000, temporaryFolder: '/nowhere' },
    clock: world.clock,
    random: () => 0.5,
    log: silentLog,
  };
}

describe('the estimate of a channel', () => {
  it.each([
    [1, 3],
    [50, 3],
    [51, 5],
    [1_308, 55],
    [20_000, 801],
  ])('of %d videos is %d units', (videos, expected) => {
    const units = estimatedUnits(videos);

    expect(units).toBe(expected);
  });

  it('is a request for the channel and two for every 50 videos, the last ones included', () => {
    fc.assert(
      fc.property(fc.nat({ max: 30_000 }), (videos) => {
        const units = estimatedUnits(videos);

        expect((units - 1) * 25).toBeGreaterThanOrEqual(videos);
        expect((units - 3) * 25).toBeLessThan(Math.max(1, videos));
      }),
    );
  });
});

describe('the preview of a sync', () => {
  const known = [
    { id: 'UC1', handle: '@First', videos: 1_308 },
    { id: 'UC2', handle: null, videos: 40 },
  ];

  it('takes from the database what it has of each channel, by id or handle', async () => {
    const world = quotaWorld();

    const preview = await previewSync(contextOf(world, known), [
      { handle: '@first' },
      { id: 'UC2' },
      { handle: '@new' },
    ]);

    expect(preview).toEqual({
      channels: [
        { name: '@first', channelId: 'UC1', videos: 1_308, units: 55, known: true },
        { name: 'UC2', channelId: 'UC2', videos: 40, units: 3, known: true },
        { name: '@new', units: 3, known: false },
      ],
      units: 61,
      quota: {
        day: DAY,
        limit: 10_000,
        spent: 0,
        reserved: 0,
        left: 10_000,
        resetsAt: NEXT_MIDNIGHT,
        exhausted: false,
      },
    });
  });

  it('shows the quota as other syncs have left it, and changes nothing of it', async () => {
    const world = quotaWorld();
    const reservation = await world.ledger({ dailyLimit: 100 }).reserve('other', 80);
    await reservation.spend();
    await reservation.flush();
    const before = await world.items();

    const preview = await previewSync(contextOf(world, known, 100), [{ id: 'UC1' }]);

    expect(preview).toMatchObject({ units: 55, quota: { limit: 100, spent: 1, reserved: 79, left: 20 } });
    expect(await world.items()).toEqual(before);
  });
});
