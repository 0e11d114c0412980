import { monitorEventLoopDelay } from 'node:perf_hooks';
import { runInline } from '../../shared/batch/inline-engine';
import type { ExportFigures } from '../../shared/batch/report';
import type { StepCall, StepResult } from '../../shared/batch/steps';
import { businessDay } from '../../shared/calendar';
import { systemClock } from '../../shared/local/system-clock';
import type { ExportedShard } from '../../shared/messages/shard';
import { startEncodingThread } from '../../shared/parquet/encoding-link';
import { createPlatform } from '../../shared/platform';
import type { Clock } from '../../shared/ports/clock';
import { loadSettings } from '../../shared/settings';
import { Corpus, type CorpusShape } from '../blob-server/corpus';
import { runChild } from '../harness/child';
import { peakRss } from '../harness/peak-rss';
import { CorpusMetadata } from './corpus-metadata';

export interface ExportInput {
  /** Of the app; what the corpus does not say: where the storage is, and whatever is not to be as it is by default. */
  readonly settings: Readonly<Record<string, string>> & { readonly AZURE_STORAGE_CONNECTION_STRING: string };
  readonly corpus: CorpusShape;
}

export interface ExportAnswer extends Omit<ExportFigures, 'output'> {
  readonly status: string;
  /** Why it is not `completed`. */
  readonly failure?: string;
  /** Messages of each shard. */
  readonly shards: readonly number[];
  readonly seconds: number;
  /** Of this process, user and system. */
  readonly cpuSeconds: number;
  /** In bytes, before the export and at the most. */
  readonly rssBefore: number;
  readonly rssPeak: number;
  /** The longest that nothing else could be done, in milliseconds. */
  readonly stallMs: number;
}

/** By when the day's last messages are written, and the night's run begins. */
const AFTER_DAY_MS = 2 * 3_600_000;
/** Between looks at the event loop, in milliseconds. */
const LOOK_MS = 10;

/** One tenant's day, exported by the inline engine on the app's own platform, with metadata of the corpus; nothing else is in the process. */
runChild<ExportInput>(async ({ settings: given, corpus: shape }, answer) => {
  const settings = loadSettings({
    TENANT_ID: shape.tenant,
    DATA_CONTAINER: 'messages',
    // Not asked for anything: metadata is the corpus's.
    COSMOS_ENDPOINT: 'http://127.0.0.1:1',
    COSMOS_KEY: Buffer.from('none').toString('base64'),
    LOG_LEVEL: 'warn',
    ...given,
  });
  const platform = createPlatform(settings, { logFormat: 'plain', clock: clockAfter(shape.date), startEncodingThread });
  const metadata = new CorpusMetadata(shape.tenant, new Corpus(shape));
  const shards: number[] = [];
  const onStep = ({ name }: StepCall, result: StepResult | undefined) => {
    if (name === 'exportShard' && result?.ok === true) shards.push((result.value as ExportedShard).exported);
  };

  const rssBefore = peakRss();
  const delay = monitorEventLoopDelay({ resolution: LOOK_MS });
  delay.enable();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const request = { job: 'export', date: shape.date, force: false } as const;
  const report = await runInline({ ...platform, metadata }, request, { onStep });
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  await platform.dispose();

  const [tenant] = report.tenants;
  const failure = tenant?.failure ?? report.failure;
  const { listed = 0, outside = 0, exported = 0, duplicates = 0, quarantined = 0, parts = 0, bytes = 0 } = tenant ?? {};
  answer({
    status: report.status,
    ...(failure && { failure: `${failure.code}: ${failure.message}` }),
    ...{ listed, outside, exported, duplicates, quarantined, parts, bytes, shards },
    ...{ seconds, cpuSeconds: (user + system) / 1e6 },
    ...{ rssBefore, rssPeak: peakRss(), stallMs: Math.max(0, delay.max / 1e6 - LOOK_MS) },
  } satisfies ExportAnswer);
});

/** A clock by which it is the night after a date now. */
function clockAfter(date: string): Clock {
  const ahead = businessDay(date, 'Asia/Tokyo').end + AFTER_DAY_MS - systemClock.now();
  return { ...systemClock, now: () => systemClock.now() + ahead };
}
