import { businessDay } from '../calendar';
import { toFailure } from '../errors';
import { maskText } from '../logging/masking';
import type { ExportContext } from '../messages/export-context';
import { datasetFigures, type Manifest } from '../messages/manifest';
import { datasetFolder } from '../messages/output-paths';
import { planDay } from '../messages/plan';
import { publishDay } from '../messages/publish';
import { recordFailedDay } from '../messages/run-record';
import { exportShard } from '../messages/shard';
import type { Log } from '../ports/log';
import type { BatchPlatform } from './batch-platform';
import { resolveRun } from './resolve-run';
import type { PublishedDayFigures, StepName, StepResult, Steps, TenantDay } from './steps';

export type StepHandlers = {
  readonly [Name in StepName]: (input: Steps[Name]['input']) => Promise<StepResult<Steps[Name]['output']>>;
};

/** The steps over a platform. None of them throws: whatever goes wrong is a failure value, logged where it was caught. */
export function stepHandlers(platform: BatchPlatform): StepHandlers {
  const { clock, metadata } = platform;
  const context = (day: TenantDay, stage: string) => exportContext(platform, day, stage);
  const guard = <Name extends StepName>(
    stage: string,
    run: (input: Steps[Name]['input']) => Promise<Steps[Name]['output']>,
  ) => {
    return async (input: Steps[Name]['input']) => settled(stage, platform.log, input, () => run(input));
  };
  return {
    resolveRun: guard<'resolveRun'>('resolve', (request) => resolveRun(platform, request)),
    planExport: guard<'planExport'>('plan', (day) => planDay(context(day, 'plan'))),
    exportShard: guard<'exportShard'>('collect', ({ plan, shard, force, ...day }) =>
      exportShard(context(day, 'collect'), plan, shard, force),
    ),
    publishExport: guard<'publishExport'>('publish', async (input) =>
      figuresOf(await publishDay(context(input, 'publish'), input)),
    ),
    recordFailure: guard<'recordFailure'>('record', async ({ tenant, date, failure }) => {
      await recordFailedDay(metadata, tenant, date, failure, clock.now());
      return null;
    }),
  };
}

/** What the stages of a tenant's day work with. @throws TenantError where the tenant's name makes no container name */
export function exportContext(
  platform: BatchPlatform,
  { tenant, timeZone, date }: TenantDay,
  stage: string,
): ExportContext {
  const { settings } = platform;
  return {
    tenant,
    day: businessDay(date, timeZone),
    data: platform.dataStore(tenant),
    analytics: platform.analyticsStore(tenant),
    metadata: platform.metadata,
    options: {
      encoder: settings.parquet.encoder,
      compression: settings.parquet.compression,
      readConcurrency: settings.readConcurrency,
      shardRooms: settings.shardRooms,
      auditShare: settings.planAuditShare,
      temporaryFolder: platform.temporaryFolder,
    },
    clock: platform.clock,
    log: platform.log.with({ job: 'export', tenant, date, stage }),
  };
}

async function settled<Output>(
  stage: string,
  log: Log,
  input: object,
  run: () => Promise<Output>,
): Promise<StepResult<Output>> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    const tenant = 'tenant' in input && typeof input.tenant === 'string' ? { tenant: input.tenant } : {};
    const told = toFailure(error, { ...tenant, stage });
    // A failure travels on, into histories, records and answers, where no logger masks it.
    const failure = { ...told, message: maskText(told.message) };
    const stack = failure.code === 'internal_error' && error instanceof Error ? { stack: error.stack } : {};
    log.error(failure.message, { ...tenant, stage, error_code: failure.code, kind: failure.kind, ...stack });
    return { ok: false, failure };
  }
}

function figuresOf(manifest: Manifest): PublishedDayFigures {
  return {
    ...manifest.proof,
    ...datasetFigures(manifest),
    output: datasetFolder(manifest.tenant_id, 'messages', manifest.business_date),
    late: manifest.notices.late,
  };
}
