import { businessDay } from '../calendar';
import { DayInUseError } from '../errors';
import type { ExportContext } from '../messages/export-context';
import { datasetFigures, type Manifest } from '../messages/manifest';
import { datasetFolder } from '../messages/output-paths';
import { planDay } from '../messages/plan';
import { type Publication, publishDay } from '../messages/publish';
import { recordFailedDay } from '../messages/run-record';
import { exportShard } from '../messages/shard';
import type { BatchPlatform } from './batch-platform';
import { leased, released } from './leased-day';
import { recordFailedTenant, recordPublished } from './run-metrics';
import type { StepWorkers } from './step-handlers';
import type { PublishedDayFigures, Steps, TenantDay } from './steps';
import { surveyDays } from './survey-days';
import { tellNotices } from './tell-notices';

type ExportStep = 'surveyDays' | 'planExport' | 'exportShard' | 'publishExport' | 'recordFailure';

/** The steps of the export over a platform. */
export function exportSteps(platform: BatchPlatform): StepWorkers<ExportStep> {
  const { clock, metadata } = platform;
  const context = (day: TenantDay, stage: string) => exportContext(platform, day, stage);
  return {
    surveyDays: { stage: 'survey', run: (input) => surveyDays(platform, input) },
    planExport: {
      stage: 'plan',
      run: ({ lookBack, ...day }) => leased(platform, day, () => planDay(context(day, 'plan'), lookBack)),
    },
    exportShard: {
      stage: 'collect',
      run: ({ plan, shard, force, ...day }) =>
        leased(platform, day, () => exportShard(context(day, 'collect'), plan, shard, force)),
    },
    publishExport: {
      stage: 'publish',
      run: async (input) => {
        const day = context(input, 'publish');
        const { manifest, revision } = await leased(platform, input, () => publish(platform, day, input));
        tellNotices(day.log, manifest.notices);
        const figures = { ...figuresOf(manifest), ...(revision === undefined ? {} : { revision }) };
        recordPublished(platform, input, figures);
        await released(platform, input);
        return figures;
      },
    },
    recordFailure: {
      stage: 'record',
      run: async ({ failure, ...day }) => {
        const { tenant, date, runId } = day;
        // Who was refused because another run has the day at work has nothing to say about the day.
        if (failure.code !== DayInUseError.code) await recordFailedDay(metadata, tenant, date, failure, clock.now());
        recordFailedTenant(platform, { job: 'export', tenant, date, run: runId }, failure);
        await released(platform, day);
        return null;
      },
    },
  };
}

/** Publishes the day, and tells its record how the run went: its own stage is the last. */
function publish(
  { clock }: BatchPlatform,
  day: ExportContext,
  { runId, startedAt, stages, ...input }: Steps['publishExport']['input'],
): Promise<Publication> {
  const begunAt = new Date(clock.now()).toISOString();
  return publishDay(day, input, {
    ...(runId === undefined ? {} : { runId }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(stages === undefined ? {} : { stages: [...stages, { stage: 'publish', begun_at: begunAt }] }),
  });
}

/** What the stages of a tenant's day work with. @throws TenantError where the tenant's name makes no container name */
export function exportContext(
  platform: BatchPlatform,
  { tenant, timeZone, date, runId }: TenantDay,
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
      ...(platform.parquetEncoder && { parquetEncoder: platform.parquetEncoder }),
      compression: settings.parquet.compression,
      readConcurrency: settings.readConcurrency,
      isSaturated: platform.isSaturated,
      shardMessages: settings.shardMessages,
      auditShare: settings.planAuditShare,
      temporaryFolder: platform.temporaryFolder,
    },
    clock: platform.clock,
    log: platform.log.with({ job: 'export', tenant, date, run: runId, stage }),
  };
}

function figuresOf(manifest: Manifest): PublishedDayFigures {
  return {
    ...manifest.proof,
    ...datasetFigures(manifest),
    output: datasetFolder(manifest.tenant_id, 'messages', manifest.business_date),
    late: manifest.notices.late,
  };
}
