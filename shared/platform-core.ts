import { tmpdir } from 'node:os';
import type { BatchPlatform } from './batch/batch-platform';
import type { OpenCloud } from './cloud';
import { eventLoopGauge } from './event-loop-load';
import { systemClock } from './local/system-clock';
import { createLog, type LogRecord } from './logging/log';
import { Masker } from './logging/masking';
import { jsonLines, plainLines, type TextSink } from './logging/writers';
import type { StartEncodingThread } from './parquet/encoding-link';
import { ThreadedEncoder } from './parquet/threaded-encoder';
import { createSyncPlatform } from './platform-sync';
import type { Clock } from './ports/clock';
import type { Log } from './ports/log';
import type { ObjectStore } from './ports/object-store';
import { DEFAULT_RETRY_POLICY } from './retry/retry';
import type { RetryingCatalogueOptions } from './retry/retrying-catalogue-database';
import { RetryingMetadataStore } from './retry/retrying-metadata-store';
import { RetryingObjectStore, type RetryingStoreOptions } from './retry/retrying-object-store';
import type { Secret } from './secret';
import { type Settings, secretsOf } from './settings';
import { createTelemetry } from './telemetry/create-telemetry';
import { observedMetadataStore } from './telemetry/observed-metadata-store';
import { observedObjectStore } from './telemetry/observed-object-store';
import { containerFor } from './tenant-id';

export interface PlatformOptions {
  /** Where log lines go; standard error unless given, as standard output belongs to what a command answers. */
  readonly logSink?: TextSink;
  /** JSON lines for machines, plain ones for people; for CloudWatch, JSON lines with the metrics among them. */
  readonly logFormat?: 'json' | 'plain' | 'cloudwatch';
  readonly clock?: Clock;
  /** Where it is given, Parquet is encoded in a thread that it starts; else in the thread of the caller. Of the encoder `arrow` only. */
  readonly startEncodingThread?: StartEncodingThread;
}

/** A platform with what must be let go of at the end: connections, timers. */
export type DisposablePlatform = BatchPlatform & { dispose(): Promise<void> };

/** The batch's platform on a cloud: the one place where adapters are put behind the ports. Nothing is sent yet. */
export function platformOn(
  openCloud: OpenCloud,
  settings: Settings,
  options: PlatformOptions = {},
): DisposablePlatform {
  const { logSink = process.stderr, logFormat = 'json', clock = systemClock, startEncodingThread } = options;
  const masker = new Masker(secretsOf(settings).map((secret) => secret.reveal()));
  const write = lineWriter(logFormat, logSink);
  const telemetry = createTelemetry({
    settings: settings.telemetry,
    masker,
    sink: logSink,
    cloudWatch: logFormat === 'cloudwatch',
    onLoss: (lost) => log.warn('Telemetry could not be sent, and is lost.', { lost }),
  });
  const writeEverywhere = (record: LogRecord) => {
    write(record);
    telemetry.write(record);
  };
  const log = createLog({ level: settings.logLevel, masker, now: () => clock.now(), write: writeEverywhere });
  const retry = retryOptions(clock, log);

  const cloud = openCloud({ settings, clock, random: Math.random, log });

  const containers = new Map<string, ObjectStore>();
  const storeOf = (template: string) => (tenant: string) => {
    const name = containerFor(template, tenant);
    const store =
      containers.get(name) ?? observedObjectStore(new RetryingObjectStore(cloud.container(name), retry), telemetry);
    containers.set(name, store);
    return store;
  };
  const threaded =
    startEncodingThread !== undefined && settings.parquet.encoder === 'arrow'
      ? new ThreadedEncoder(startEncodingThread)
      : undefined;
  const onSecret = (secret: Secret) => masker.register(secret);
  const sync = createSyncPlatform({
    settings,
    cloud,
    log,
    telemetry,
    retry: catalogueRetry(clock, log),
    onSecret,
  });
  return {
    settings,
    log,
    telemetry,
    clock,
    metadata: observedMetadataStore(new RetryingMetadataStore(cloud.metadata, retry), telemetry),
    dataStore: storeOf(settings.dataContainer),
    analyticsStore: storeOf(settings.analyticsContainer),
    youtube: () => sync.youtube(),
    catalogue: () => sync.catalogue(),
    isSaturated: eventLoopGauge(),
    random: Math.random,
    ...(threaded && { parquetEncoder: threaded }),
    temporaryFolder: tmpdir(),
    dispose: async () => {
      await telemetry.flush();
      await cloud.dispose();
      await threaded?.dispose();
      await sync.dispose();
    },
  };
}

/** CloudWatch's lines are telemetry's, which knows what work they belong to. */
function lineWriter(format: PlatformOptions['logFormat'], sink: TextSink): (record: LogRecord) => void {
  if (format === 'cloudwatch') return () => undefined;
  return format === 'plain' ? plainLines(sink) : jsonLines(sink);
}

function catalogueRetry(clock: Clock, log: Log): RetryingCatalogueOptions {
  return {
    clock,
    random: Math.random,
    policy: { ...DEFAULT_RETRY_POLICY, maxTries: 5 },
    onRetry: ({ store, operation, error, tries, waitMs }) =>
      log.warn('A call is tried again.', { store, operation, error_code: error.code, tries, wait_ms: waitMs }),
  };
}

function retryOptions(clock: Clock, log: Log): RetryingStoreOptions {
  return {
    clock,
    random: Math.random,
    policy: DEFAULT_RETRY_POLICY,
    onRetry: ({ store, operation, target, error, tries, waitMs }) =>
      log.warn('A call is tried again.', { store, operation, target, error_code: error.code, tries, wait_ms: waitMs }),
  };
}
