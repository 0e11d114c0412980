import { businessDay } from '../calendar';
import type { ExportContext } from '../messages/export-context';
import { datasetFigures, type Manifest } from '../messages/manifest';
import { datasetFolder } from '../messages/output-paths';
import { planDay } from '../messages/plan';
import { publishDay } from '../messages/publish';
import { recordFailedDay } from '../messages/run-record';
import { exportShard } from '../messages/shard';
import type { BatchPlatform } from './batch-platform';
import { recordFailedTenant, recordPublished } from './run-metrics';
import type { StepWorkers } from './step-handlers';
import type { PublishedDayFigures, TenantDay } from './steps';
import { tellNotices } from './tell-notices';

type ExportStep = 'planExport' | 'exportShard' | 'publishExport' | 'recordFailure';

/** The steps of the export over a platform. */
export function exportSteps(platform: BatchPlatform): StepWorkers<ExportStep> {
  const { clock, metadata } = platform;
  const context = (day: TenantDay, stage: string) => exportContext(platform, day, stage);
  return {
    planExport: { stage: 'plan', run: (day) => planDay(context(day, 'plan')) },
    exportShard: {
      stage: 'collect',
      run: ({ plan, shard, force, ...day }) => exportShard(context(day, 'collect'), plan, shard, force),
    },
    publishExport: {
      stage: 'publish',
      run: async (input) => {
        const day = context(input, 'publish');
        const manifest = await publishDay(day, input);
        tellNotices(day.log, manifest.notices);
        const figures = figuresOf(manifest);
        recordPublished(platform, input, figures);
        return figures;
      },
    },
    recordFailure: {
      stage: 'record',
      run: async ({ tenant, date, runId, failure }) => {
        await recordFailedDay(metadata, tenant, date, failure, clock.now());
        recordFailedTenant(platform, { job: 'export', tenant, date, run: runId }, failure);
        return null;
      },
    },
  };
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
