import { readRuns } from '../../../shared/history/read-runs';
import type { RunSummary } from '../../../shared/history/run-summary';
import { MAX_RUN_BYTES, writeRun } from '../../../shared/history/write-run';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import type { MetadataItem } from '../../../shared/ports/metadata-store';

const RUN: RunSummary = {
  run: 'export-2025-08-11',
  job: 'export',
  date: '2025-08-11',
  status: 'partial',
  started_at: '2025-08-11T17:00:00.000Z',
  ended_at: '2025-08-11T17:04:10.000Z',
  requested_by: 'schedule',
  tenants: { completed: 2, failed: 1 },
  figures: { exported: 2_360, bytes: 190_000 },
  caught_up: 1,
  late_days: 0,
  failures: [{ kind: 'transient', code: 'storage_timeout', message: 'Too slow.', tenant: 'acme', stage: 'collect' }],
};

class CountedStore extends MemoryMetadataStore {
  puts = 0;

  override async put(item: MetadataItem, onlyIf?: 'absent' | { readonly version: string }): Promise<void> {
    this.puts += 1;
    await super.put(item, onlyIf);
  }
}

const startedAt = (started_at: string, run = RUN.run): RunSummary => ({ ...RUN, run, started_at });

describe('the record of a run', () => {
  it('stands where its instant and name say, and is read as it was written', async () => {
    const metadata = new MemoryMetadataStore();

    await writeRun(metadata, RUN);

    const item = await metadata.get('SYSTEM#BATCH', 'RUN#2025-08-11T17:00:00.000Z#export-2025-08-11');
    expect(item?.item).toMatchObject({ batch_type: 'run_summary', status: 'partial' });
    expect(await readRuns(metadata)).toEqual({ runs: [RUN], unreadable: [] });
  });

  it('is not written again where it says the same, whenever that is found out', async () => {
    const metadata = new CountedStore();
    await writeRun(metadata, RUN);

    await writeRun(metadata, { ...RUN, ended_at: '2025-08-11T17:09:00.000Z' });

    expect(metadata.puts).toBe(1);
    expect((await readRuns(metadata)).runs).toEqual([RUN]);
  });

  it('is written over where it says something else', async () => {
    const metadata = new CountedStore();
    await writeRun(metadata, RUN);

    await writeRun(metadata, { ...RUN, caught_up: 2 });

    expect((await readRuns(metadata)).runs).toEqual([{ ...RUN, caught_up: 2 }]);
  });

  it('has as many failures as there is room for, and counts the others', async () => {
    const metadata = new MemoryMetadataStore();
    const failure = {
      kind: 'permanent',
      code: 'proof_failed',
      message: '足りない'.repeat(100),
      stage: 'publish',
    } as const;
    const failures = Array.from({ length: 2_000 }, (_, i) => ({ ...failure, tenant: `tenant-${i}` }));

    await writeRun(metadata, { ...RUN, failures });

    const [run] = (await readRuns(metadata)).runs;
    const page = await metadata.query({ partition: 'SYSTEM#BATCH' });
    const bytes = Buffer.byteLength(JSON.stringify(page.items[0]));
    expect(bytes).toBeLessThanOrEqual(MAX_RUN_BYTES);
    expect(bytes).toBeGreaterThan(MAX_RUN_BYTES * 0.98);
    expect(run?.failures).toEqual(failures.slice(0, run?.failures.length));
    expect(run?.failures_left_out).toBe(2_000 - (run?.failures.length ?? 0));
  });

  it('cuts a failure that is too long for it, between characters', async () => {
    const metadata = new MemoryMetadataStore();
    const message = `a${'😀'.repeat(200_000)}`;

    await writeRun(metadata, { ...RUN, failures: [{ kind: 'permanent', code: 'internal_error', message }] });

    const [failure] = (await readRuns(metadata)).runs[0]?.failures ?? [];
    expect(failure?.message).toMatch(/^a😀+.?…$/u);
    expect(failure?.message.length).toBeLessThan(2_010);
    expect(failure?.message.isWellFormed()).toBe(true);
  });
});

describe('reading runs', () => {
  const instants = ['2025-08-09T17:00:00.000Z', '2025-08-10T17:00:00.000Z', '2025-08-11T15:00:00.000Z'];

  it('gives the newest first, over any number of pages', async () => {
    const metadata = new MemoryMetadataStore({ pageSize: 1 });
    for (const instant of [1, 0, 2].map((i) => instants[i] ?? '')) await writeRun(metadata, startedAt(instant));
    await writeRun(metadata, startedAt('2025-08-10T17:00:00.000Z', 'youtube-2025-08-10'));

    const { runs } = await readRuns(metadata);

    expect(runs.map(({ started_at: at, run }) => [at, run])).toEqual([
      ['2025-08-11T15:00:00.000Z', RUN.run],
      ['2025-08-10T17:00:00.000Z', 'youtube-2025-08-10'],
      ['2025-08-10T17:00:00.000Z', RUN.run],
      ['2025-08-09T17:00:00.000Z', RUN.run],
    ]);
  });

  it.each([
    ['dates', { from: '2025-08-10', to: '2025-08-10' }, [1]],
    ['a first date', { from: '2025-08-10' }, [2, 1]],
    ['a last date', { to: '2025-08-10' }, [1, 0]],
    ['instants', { from: '2025-08-10T17:00:00.000Z', to: '2025-08-11T15:00:00.000Z' }, [2, 1]],
    ['instants between', { from: '2025-08-10T17:00:00.001Z', to: '2025-08-11T14:59:59.999Z' }, []],
  ])('begins and ends at %s', async (_, range, expected) => {
    const metadata = new MemoryMetadataStore();
    for (const instant of instants) await writeRun(metadata, startedAt(instant));

    const { runs } = await readRuns(metadata, range);

    expect(runs.map(({ started_at: at }) => at)).toEqual(expected.map((i) => instants[i]));
  });

  it('names a record that cannot be read, and passes over what it does not know', async () => {
    const metadata = new MemoryMetadataStore();
    await writeRun(metadata, RUN);
    await metadata.put({ PK: 'SYSTEM#BATCH', SK: 'RUN#2025-08-12T17:00:00.000Z#odd', ...RUN, job: 'other', more: 1 });
    await metadata.put({ PK: 'SYSTEM#BATCH', SK: 'SCHEDULE#1' });

    const { runs, unreadable } = await readRuns(metadata);

    expect(runs).toEqual([RUN]);
    expect(unreadable).toEqual([expect.stringMatching(/RUN#2025-08-12T17:00:00.000Z#odd cannot be read: job/)]);
  });
});
