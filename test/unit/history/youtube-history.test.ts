import { readQuotaDays } from '../../../shared/history/read-quota-days';
import { readSyncs } from '../../../shared/history/read-syncs';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { QuotaDayStore } from '../../../shared/youtube/quota-day-store';
import { recordSync, type SyncOutcome } from '../../../shared/youtube/sync-record';
import { SteppingClock } from '../../support/stepping-clock';

const TENANT = 'acme';
const FAILURE = { kind: 'quota', code: 'youtube_quota_spent', message: 'Nothing left.', stage: 'fetch' } as const;

const COMPLETED: SyncOutcome = {
  status: 'completed',
  channels: [{ name: '@one', channelId: 'UC1', videos: 10, units: 3 }],
  loaded: {
    channels: 1,
    videos: 10,
    streams: 2,
    removed: 1,
    rowsWritten: 12,
    csv: 'acme/youtube/csv/x/',
    replacedCharacters: 0,
  },
  quotaUnits: 3,
};

const STOPPED: SyncOutcome = {
  status: 'failed',
  failure: FAILURE,
  channels: [{ name: '@one', failure: FAILURE, stopped: { listed: 9, read: 4, resetsAt: '2025-08-12T07:00:00.000Z' } }],
  quotaUnits: 2,
};

describe('reading syncs', () => {
  let metadata: MemoryMetadataStore;
  const clock = new SteppingClock();

  beforeEach(() => {
    metadata = new MemoryMetadataStore({ pageSize: 2 });
  });

  const record = (run: string, outcome: SyncOutcome) =>
    recordSync(metadata, clock, { tenant: TENANT, run, date: run.slice(0, 10), outcome });

  it('gives what was recorded, oldest first', async () => {
    await record('2025-08-11T12-00-00.000', STOPPED);
    await record('2025-08-11T00-00-00.000', COMPLETED);

    const { syncs, unreadable } = await readSyncs(metadata, TENANT, { from: '2025-08-11', to: '2025-08-11' });

    const processedAt = new Date(clock.now()).toISOString();
    expect(unreadable).toEqual([]);
    expect(syncs).toEqual([
      {
        run: '2025-08-11T00-00-00.000',
        date: '2025-08-11',
        status: 'completed',
        processedAt,
        channels: 1,
        videos: 10,
        streams: 2,
        removed: 1,
        rowsWritten: 12,
        quotaUnits: 3,
        stopped: [],
        failedChannels: [],
      },
      {
        run: '2025-08-11T12-00-00.000',
        date: '2025-08-11',
        status: 'failed',
        processedAt,
        channels: 0,
        videos: 0,
        streams: 0,
        removed: 0,
        rowsWritten: 0,
        quotaUnits: 2,
        stopped: [{ channel: '@one', listed: 9, read: 4, resetsAt: '2025-08-12T07:00:00.000Z' }],
        failedChannels: [{ channel: '@one', failure: FAILURE }],
        failure: FAILURE,
      },
    ]);
  });

  it('has both ends of the range, and no other date', async () => {
    const dates = ['2025-08-09', '2025-08-10', '2025-08-11', '2025-08-12'];
    for (const date of dates) await record(`${date}T23-59-59.999`, COMPLETED);

    const { syncs } = await readSyncs(metadata, TENANT, { from: '2025-08-10', to: '2025-08-11' });

    expect(syncs.map(({ date }) => date)).toEqual(['2025-08-10', '2025-08-11']);
  });

  it('names a record that cannot be read, beside those that can', async () => {
    await record('2025-08-11T00-00-00.000', COMPLETED);
    await metadata.put({ PK: `TENANT#${TENANT}#BATCH`, SK: 'YOUTUBE#2025-08-11T06-00-00.000', status: 'odd' });

    const { syncs, unreadable } = await readSyncs(metadata, TENANT, { from: '2025-08-11', to: '2025-08-11' });

    expect(syncs).toHaveLength(1);
    expect(unreadable).toEqual([expect.stringMatching(/YOUTUBE#2025-08-11T06-00-00\.000 cannot be read: .*status/)]);
  });
});

describe('reading the quota', () => {
  const clock = new SteppingClock();
  const storeOf = (metadata: MemoryMetadataStore, keyId: string) =>
    new QuotaDayStore({ metadata, clock, random: () => 0.5, keyId, dailyLimit: 10_000 });

  it('gives the days of every key within the range, with what is set aside', async () => {
    const metadata = new MemoryMetadataStore({ pageSize: 2 });
    for (const date of ['2025-08-09', '2025-08-10', '2025-08-11', '2025-08-12']) {
      await storeOf(metadata, 'b').change(date, (day) => ({ ...day, spent: 7 }));
    }
    await storeOf(metadata, 'a').change('2025-08-11', (day) => ({
      ...day,
      spent: 100,
      reservations: { one: { id: '1', granted: 40, spent: 30 }, two: { id: '2', granted: 20, spent: 0 } },
      exhaustedAt: '2025-08-11T20:00:00.000Z',
    }));

    const { days, unreadable } = await readQuotaDays(metadata, { from: '2025-08-10', to: '2025-08-11' });

    expect(unreadable).toEqual([]);
    expect(days).toEqual([
      { key: 'b', date: '2025-08-10', limit: 10_000, spent: 7, held: 0 },
      {
        key: 'a',
        date: '2025-08-11',
        limit: 10_000,
        spent: 130,
        held: 30,
        exhaustedAt: '2025-08-11T20:00:00.000Z',
      },
      { key: 'b', date: '2025-08-11', limit: 10_000, spent: 7, held: 0 },
    ]);
  });

  it('names what cannot be read of the range, and asks nothing of other days', async () => {
    const metadata = new MemoryMetadataStore();
    const odd = { PK: 'SYSTEM#YOUTUBE_QUOTA', limit: 'all' };
    for (const SK of ['KEY#a#2025-08-11', 'KEY#a#2024-01-01', 'KEY#nothing']) await metadata.put({ ...odd, SK });

    const { days, unreadable } = await readQuotaDays(metadata, { from: '2025-08-10', to: '2025-08-11' });

    expect(days).toEqual([]);
    expect(unreadable).toEqual([
      expect.stringMatching(/KEY#a#2025-08-11.*limit/),
      expect.stringContaining('KEY#nothing'),
    ]);
  });
});
