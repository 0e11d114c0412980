import type { StepCall, StepName, StepResult, TenantRun } from '../../../shared/batch/steps';
import { tenantFlow } from '../../../shared/batch/tenant-flow';
import type { Failure } from '../../../shared/errors';
import type { FetchedChannel } from '../../../shared/youtube/fetched-channel';
import type { LoadedSync } from '../../../shared/youtube/load-sync';
import type { PrunedSync } from '../../../shared/youtube/prune-sync';
import { drive } from './fake-steps';

/** 00:00:03 on 12 August in Tokyo. */
const RUN: TenantRun = {
  job: 'youtube',
  tenant: 'acme',
  timeZone: 'Asia/Tokyo',
  date: '2025-08-12',
  force: false,
  startedAt: '2025-08-11T15:00:03.999Z',
};
const STEP = { tenant: 'acme', timeZone: 'Asia/Tokyo', date: '2025-08-12', run: '2025-08-12T00-00-03.999' };
const QUIET = { atListLimit: false, rereads: 0, replacedCharacters: 0, resumed: false };
const LOADED: LoadedSync = {
  ...{ channels: 2, videos: 12, streams: 5, removed: 1, rowsWritten: 40, replacedCharacters: 0 },
  csv: 'acme/youtube/csv/2025-08-12T00-00-03/',
};
const PRUNED: PrunedSync = { videos: 3, channels: 0, statistics: 12, csvRuns: 1 };
const stopped = () => 0;

const fetchedOf = (channel: string): FetchedChannel => ({
  channelId: `id of ${channel}`,
  paper: `paper of ${channel}`,
  videos: 6,
  units: 3,
  notices: QUIET,
});
const failureOf = (code: string): Failure => ({ kind: 'permanent', code, message: `${code}.`, tenant: 'acme' });

/** Steps that succeed but for those that are named, as `fetchChannel @b` where they have a channel. */
class SyncSteps {
  readonly calls: StepCall[] = [];

  constructor(
    readonly channels: readonly string[],
    readonly failing: Readonly<Record<string, string>> = {},
    readonly notices: Partial<FetchedChannel['notices']> = {},
  ) {}

  run(batch: readonly StepCall[]): StepResult[] {
    this.calls.push(...batch);
    return batch.map((call) => {
      const channel = 'channel' in call.input ? ` ${call.input.channel}` : '';
      const code = this.failing[`${call.name}${channel}`];
      return code === undefined ? { ok: true, value: this.#value(call) } : { ok: false, failure: failureOf(code) };
    });
  }

  inputOf(name: StepName): unknown {
    return this.calls.find((call) => call.name === name)?.input;
  }

  #value({ name, input }: StepCall): unknown {
    if (name === 'planSync') return { channels: this.channels };
    if ('channel' in input) return { ...fetchedOf(input.channel), notices: { ...QUIET, ...this.notices } };
    if ('video' in input) return { ...fetchedOf('@a'), videos: 1, units: 2 };
    if (name === 'pruneSync') return PRUNED;
    return name === 'loadSync' ? LOADED : null;
  }
}

const run = (steps: SyncSteps, choices: Partial<TenantRun> = {}) =>
  drive(tenantFlow({ ...RUN, ...choices }, stopped), steps);
const names = (calls: readonly (readonly StepCall[])[]) => calls.map((batch) => batch.map(({ name }) => name));

describe('a tenant’s sync', () => {
  test('reads its channels side by side, loads them in one go, and records what came of it', () => {
    const steps = new SyncSteps(['@a', '@b']);

    const { report, calls } = run(steps, { force: true });

    expect(names(calls)).toEqual([['planSync'], ['fetchChannel', 'fetchChannel'], ['loadSync'], ['recordSync']]);
    expect(steps.inputOf('planSync')).toEqual(STEP);
    expect(calls[1]?.map(({ input }) => input)).toEqual(
      ['@a', '@b'].map((channel) => ({ ...STEP, channel, force: true })),
    );
    expect(steps.inputOf('loadSync')).toEqual({ ...STEP, fetched: [fetchedOf('@a'), fetchedOf('@b')] });
    expect(steps.inputOf('recordSync')).toMatchObject({
      ...STEP,
      outcome: {
        status: 'completed',
        loaded: LOADED,
        quotaUnits: 6,
        channels: [{ name: '@a', videos: 6 }, { name: '@b' }],
      },
    });
    const { replacedCharacters: _replaced, ...figures } = LOADED;
    expect(report).toEqual({
      tenant: 'acme',
      date: '2025-08-12',
      status: 'completed',
      ...figures,
      quotaUnits: 6,
      seconds: 0,
    });
  });

  test('deletes what is too old once it has loaded what it read, and tells of it', () => {
    const steps = new SyncSteps(['@a']);

    const { report, calls } = run(steps, { retentionDays: 30 });

    expect(names(calls)).toEqual([['planSync'], ['fetchChannel'], ['loadSync'], ['pruneSync'], ['recordSync']]);
    expect(steps.inputOf('pruneSync')).toEqual({ ...STEP, retentionDays: 30 });
    expect(steps.inputOf('recordSync')).toMatchObject({ outcome: { status: 'completed', pruned: PRUNED } });
    expect(report).toMatchObject({ status: 'completed', pruned: PRUNED });
  });

  test('deletes what is too old also where no channel could be read', () => {
    const steps = new SyncSteps(['@a'], { 'fetchChannel @a': 'youtube_key_invalid' });

    const { report, calls } = run(steps, { retentionDays: 30 });

    expect(names(calls)).toEqual([['planSync'], ['fetchChannel'], ['pruneSync'], ['recordSync']]);
    expect(report).toMatchObject({ status: 'failed', failure: { code: 'youtube_key_invalid' }, pruned: PRUNED });
  });

  test('has failed where what is too old could not be deleted', () => {
    const steps = new SyncSteps(['@a'], { pruneSync: 'database_timeout' });

    const { report } = run(steps, { retentionDays: 30 });

    expect(report).toMatchObject({ status: 'failed', failure: { code: 'database_timeout' }, videos: LOADED.videos });
    expect(report).not.toHaveProperty('pruned');
  });

  test('of one video reads that one, of the channels that the tenant has', () => {
    const steps = new SyncSteps(['@a', '@b']);

    const { report, calls } = run(steps, { video: 'dQw4w9WgXcQ' });

    expect(names(calls)).toEqual([['planSync'], ['fetchVideo'], ['loadSync'], ['recordSync']]);
    expect(steps.inputOf('fetchVideo')).toEqual({ ...STEP, video: 'dQw4w9WgXcQ', channels: ['@a', '@b'] });
    expect(report).toMatchObject({ status: 'completed', quotaUnits: 2 });
  });

  test('tells what is worth knowing of a channel, and only that', () => {
    const { report } = run(new SyncSteps(['@a'], {}, { atListLimit: true }));

    expect(report.notices).toEqual([{ channel: '@a', ...QUIET, atListLimit: true }]);
  });

  test('with one channel that fails loads the others, and has failed', () => {
    const steps = new SyncSteps(['@a', '@b', '@c'], { 'fetchChannel @b': 'youtube_channel_not_found' });

    const { report } = run(steps);

    expect(steps.inputOf('loadSync')).toMatchObject({ fetched: [fetchedOf('@a'), fetchedOf('@c')] });
    expect(steps.inputOf('recordSync')).toMatchObject({
      outcome: {
        status: 'failed',
        loaded: LOADED,
        channels: [{}, { name: '@b', failure: { code: 'youtube_channel_not_found' } }, {}],
      },
    });
    expect(report).toMatchObject({ status: 'failed', videos: 12, failure: { code: 'youtube_channel_not_found' } });
  });

  test('counts what a reading that was stopped has cost, and records where it stands', () => {
    const progress = { listed: 300, read: 50, units: 9, resetsAt: '2025-08-13T07:00:00Z' };
    const failure: Failure = { kind: 'quota', code: 'youtube_quota_spent', message: 'None is left.', progress };
    const flow = tenantFlow(RUN, stopped);
    flow.next([]);
    flow.next([{ ok: true, value: { channels: ['@maple'] } }]);

    const { value } = flow.next([{ ok: false, failure }]);
    const { value: report } = flow.next([{ ok: true, value: null }]);

    const { progress: _progress, ...plain } = failure;
    const { units, ...standing } = progress;
    expect(value).toMatchObject([
      {
        name: 'recordSync',
        input: { outcome: { channels: [{ units, stopped: standing, failure: plain }], quotaUnits: 9 } },
      },
    ]);
    expect(report).toMatchObject({ status: 'failed', quotaUnits: 9, failure: plain });
  });

  test('loads nothing where no channel could be read', () => {
    const steps = new SyncSteps(['@a'], { 'fetchChannel @a': 'youtube_quota_spent' });

    const { report, calls } = run(steps);

    expect(names(calls)).toEqual([['planSync'], ['fetchChannel'], ['recordSync']]);
    expect(report).toMatchObject({ status: 'failed', failure: { code: 'youtube_quota_spent' } });
    expect(report.videos).toBeUndefined();
  });

  test.each(['planSync', 'loadSync', 'recordSync'])('has failed where %s fails, and says so', (step) => {
    const steps = new SyncSteps(['@a'], { [step]: 'made_to_fail' });

    const { report } = run(steps);

    expect(report).toMatchObject({ status: 'failed', failure: { code: 'made_to_fail' } });
    expect(steps.inputOf('recordSync')).toMatchObject({
      outcome: { status: step === 'recordSync' ? 'completed' : 'failed' },
    });
  });

  test('is named by the tenant’s own clock', () => {
    const steps = new SyncSteps(['@a']);

    run(steps, { timeZone: 'America/New_York' });

    expect(steps.inputOf('planSync')).toMatchObject({ date: '2025-08-11', run: '2025-08-11T11-00-03.999' });
  });
});

test('a run that was begun when there was only the export goes on as one', () => {
  const { job: _job, startedAt: _startedAt, ...old } = RUN;

  const { value } = tenantFlow(old, stopped).next([]);

  expect(value).toMatchObject([{ name: 'planExport' }]);
});
