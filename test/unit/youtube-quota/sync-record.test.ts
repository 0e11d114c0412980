import { MetadataError } from '../../../shared/errors';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import type { MetadataItem } from '../../../shared/ports/metadata-store';
import { lastSync, type RecordedSync, recordSync, type SyncOutcome } from '../../../shared/youtube/sync-record';
import { failureOf, ManualClock, NEXT_MIDNIGHT, NOON } from './quota-world';

const TENANT = 'tenant-1';
const NO_NOTICES = { atListLimit: false, rereads: 0, replacedCharacters: 0, resumed: false };
const CSV = 'tenant-1/youtube/csv/2026-07-02T04-00-00/';

const COMPLETED: SyncOutcome = {
  status: 'completed',
  channels: [
    { name: '@quiet', channelId: 'UC1', videos: 10, units: 3, notices: NO_NOTICES },
    {
      name: 'UC2',
      channelId: 'UC2',
      videos: 20_000,
      units: 801,
      notices: { atListLimit: true, rereads: 2, replacedCharacters: 5, resumed: true },
    },
  ],
  loaded: { channels: 2, videos: 20_010, streams: 7, removed: 1, rowsWritten: 99, csv: CSV, replacedCharacters: 5 },
  quotaUnits: 804,
};

const STOPPED: SyncOutcome = {
  status: 'failed',
  failure: { kind: 'quota', code: 'youtube_quota_spent', message: 'Nothing left.', stage: 'fetch' },
  channels: [
    {
      name: '@big',
      channelId: 'UC3',
      failure: { kind: 'quota', code: 'youtube_quota_spent', message: 'Nothing left.', stage: 'fetch' },
      stopped: { listed: 1_308, read: 400, resetsAt: NEXT_MIDNIGHT },
    },
    { name: '@gone', failure: { kind: 'permanent', code: 'youtube_channel_not_found', message: 'No such channel.' } },
  ],
  quotaUnits: 36,
};

const sync = (outcome: SyncOutcome, run = '2026-07-02T04-00-00'): RecordedSync => ({
  tenant: TENANT,
  run,
  date: '2026-07-02',
  outcome,
});

async function recordOf(metadata: MemoryMetadataStore, run = '2026-07-02T04-00-00'): Promise<MetadataItem | undefined> {
  return (await metadata.get(`TENANT#${TENANT}#BATCH`, `YOUTUBE#${run}`))?.item;
}

describe('the record of a sync', () => {
  it('says what a completed one came to, with the notices of channels that have some', async () => {
    const metadata = new MemoryMetadataStore();

    await recordSync(metadata, new ManualClock(), sync(COMPLETED));

    expect(await recordOf(metadata)).toEqual({
      PK: 'TENANT#tenant-1#BATCH',
      SK: 'YOUTUBE#2026-07-02T04-00-00',
      batch_type: 'youtube_sync',
      status: 'completed',
      date: '2026-07-02',
      processed_at: '2026-07-01T19:00:00.000Z',
      channels: 2,
      videos: 20_010,
      streams: 7,
      removed: 1,
      rows_written: 99,
      replaced_characters: 5,
      quota_units: 804,
      csv_path: CSV,
      notices: [
        { channel: 'UC2', channel_id: 'UC2', at_list_limit: true, rereads: 2, replaced_characters: 5, resumed: true },
      ],
      failed_channels: [],
      stopped: [],
    });
  });

  it('says of a failed one which channels failed, why, and where their reading stands', async () => {
    const metadata = new MemoryMetadataStore();

    await recordSync(metadata, new ManualClock(), sync(STOPPED));

    expect(await recordOf(metadata)).toMatchObject({
      status: 'failed',
      failure: STOPPED.failure,
      videos: 0,
      csv_path: '',
      quota_units: 36,
      failed_channels: [
        { channel: '@big', channel_id: 'UC3', failure: { code: 'youtube_quota_spent', kind: 'quota' } },
        { channel: '@gone', failure: { code: 'youtube_channel_not_found', message: 'No such channel.' } },
      ],
      stopped: [{ channel: '@big', channel_id: 'UC3', listed: 1_308, read: 400, resets_at: NEXT_MIDNIGHT }],
    });
  });

  it.each([
    ['completed', COMPLETED],
    ['stopped', STOPPED],
  ])('is not written again where a repeated step says the same: %s', async (_name, outcome) => {
    const metadata = new MemoryMetadataStore();
    const clock = new ManualClock();
    await recordSync(metadata, clock, sync(outcome));
    const before = await metadata.get(`TENANT#${TENANT}#BATCH`, 'YOUTUBE#2026-07-02T04-00-00');

    clock.nowMs += 60_000;
    await recordSync(metadata, clock, sync(structuredClone(outcome)));

    expect(await metadata.get(`TENANT#${TENANT}#BATCH`, 'YOUTUBE#2026-07-02T04-00-00')).toEqual(before);
  });

  it('is written over where the same run says something else', async () => {
    const metadata = new MemoryMetadataStore();
    const clock = new ManualClock();
    await recordSync(metadata, clock, sync(STOPPED));

    clock.nowMs += 60_000;
    await recordSync(metadata, clock, sync(COMPLETED));

    const record = await recordOf(metadata);
    expect(record).toMatchObject({ status: 'completed', processed_at: new Date(NOON + 60_000).toISOString() });
    expect(record).not.toHaveProperty('failure');
  });
});

describe('the last sync', () => {
  it('is none where there is no record', async () => {
    const metadata = new MemoryMetadataStore();
    await metadata.put({ PK: `TENANT#${TENANT}#BATCH`, SK: 'DAILY#2026-07-02', status: 'completed' });

    const last = await lastSync(metadata, TENANT);

    expect(last).toBeUndefined();
  });

  it("is the newest of the tenant's own, over any number of pages", async () => {
    const metadata = new MemoryMetadataStore({ pageSize: 2 });
    const clock = new ManualClock();
    const runs = ['2026-07-01T00-00-00', '2026-07-02T12-00-00', '2026-06-30T18-00-00', '2026-07-02T00-00-00'];
    for (const run of runs) await recordSync(metadata, clock, sync(run === runs[1] ? STOPPED : COMPLETED, run));
    await recordSync(metadata, clock, { ...sync(COMPLETED, '2026-07-09T00-00-00'), tenant: 'tenant-2' });

    const last = await lastSync(metadata, TENANT);

    expect(last).toEqual({
      run: '2026-07-02T12-00-00',
      status: 'failed',
      processedAt: new Date(NOON).toISOString(),
      channels: 0,
      videos: 0,
      date: '2026-07-02',
      streams: 0,
      removed: 0,
      rowsWritten: 0,
      quotaUnits: 36,
      failure: STOPPED.failure,
      failedChannels: STOPPED.channels.map(({ name, failure }) => ({ channel: name, failure })),
      stopped: [{ channel: '@big', listed: 1_308, read: 400, resetsAt: NEXT_MIDNIGHT }],
    });
  });

  it('that cannot be read is named', async () => {
    const metadata = new MemoryMetadataStore();
    await metadata.put({ PK: `TENANT#${TENANT}#BATCH`, SK: 'YOUTUBE#2026-07-02T04-00-00', status: 'odd' });

    const error = await failureOf(lastSync(metadata, TENANT));

    expect(error).toBeInstanceOf(MetadataError);
    expect(error).toMatchObject({ code: 'metadata_item_invalid', kind: 'configuration' });
    expect(String(error)).toMatch(/YOUTUBE#2026-07-02T04-00-00.*status/);
  });
});
