import type { BusinessDate } from '../../calendar';
import type { Failure } from '../../errors';
import type { DayRecord } from '../../history/day-record';
import { readDays } from '../../history/read-days';
import { readSyncs } from '../../history/read-syncs';
import { orderedMap } from '../../ordered-map';
import type { Clock } from '../../ports/clock';
import type { Log } from '../../ports/log';
import type { MetadataStore } from '../../ports/metadata-store';
import type { Settings } from '../../settings';
import { resolveTenants, type Tenant } from '../../tenants';
import { dayCost } from '../day-cost';
import { type TenantHistory, tenantHistory } from './views/day-state';
import type { CostOf } from './views/day-summary';
import type { SyncHistory } from './views/youtube';

/** What the page is made from: records in the metadata store, and settings. Nothing of it reads a container. */
export interface DashboardSource {
  readonly settings: Pick<
    Settings,
    | 'tenants'
    | 'businessTimeZone'
    | 'dataContainer'
    | 'analyticsContainer'
    | 'exportSchedule'
    | 'targetDateOffset'
    | 'catchUpDays'
    | 'lateWindowDays'
  > & { readonly cloud: Pick<Settings['cloud'], 'kind'> };
  readonly metadata: MetadataStore;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}

export interface DateSpan {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
}

/** Queries of the metadata store under way at once: a page must not take the throughput that a run needs. */
const READS_AT_ONCE = 16;

export interface KnownTenants {
  readonly tenants: readonly Tenant[];
  readonly refused: readonly Failure[];
}

/**
 * The tenants of the settings, those that cannot be run apart.
 *
 * @throws TenantError, MetadataError as `resolveTenants` tells
 */
export async function knownTenants({ settings, metadata }: DashboardSource): Promise<KnownTenants> {
  // What is wrong with a tenant is on the page: a page that is looked at often must not fill the log with it.
  return resolveTenants({ requested: 'settings', settings, metadata, log: SILENT });
}

const nothing = () => undefined;
const SILENT: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, with: () => SILENT };

/** What a list of days shows of each; the rest of a record is twice as much. */
export const SUMMARY_ATTRIBUTES = [
  ...(['status', 'message_count', 'output_path', 'processed_at', 'bytes', 'seconds', 'proof'] as const),
  ...(['revisions', 'late_messages', 'last_failure'] as const),
] satisfies readonly (keyof DayRecord)[];

/**
 * The days of tenants within a stretch, in the order of the tenants.
 *
 * @param attributes of the records; without it, all
 * @throws MetadataError
 */
export async function readHistories(
  { metadata }: DashboardSource,
  tenants: readonly string[],
  span: DateSpan & { readonly attributes?: readonly (keyof DayRecord)[] },
): Promise<TenantHistory[]> {
  return readEach(tenants, async (tenant) => {
    const { days, unreadable } = await readDays(metadata, tenant, span);
    return tenantHistory(days, new Map(unreadable.flatMap(problemOfDate)));
  });
}

/** The syncs of tenants within a stretch. @throws MetadataError */
export async function readSyncHistories(
  { metadata }: DashboardSource,
  tenants: readonly string[],
  span: DateSpan,
): Promise<SyncHistory[]> {
  return readEach(tenants, async (tenant) => {
    const { syncs, unreadable } = await readSyncs(metadata, tenant, span);
    const told = syncs.map(
      ({ run, date, status, processedAt: at, channels, videos, streams, removed, quotaUnits }) => ({
        ...{ run, date, status, at, channels, videos, streams, removed, quotaUnits },
      }),
    );
    return { tenant, syncs: told, unreadable };
  });
}

async function readEach<Out>(tenants: readonly string[], read: (tenant: string) => Promise<Out>): Promise<Out[]> {
  const all: Out[] = [];
  for await (const one of orderedMap(tenants, READS_AT_ONCE, read)) all.push(one);
  return all;
}

/** The date of a record stands in what is said about it. */
function problemOfDate(problem: string): [BusinessDate, string][] {
  const date = /DAILY#(\d{4}-\d{2}-\d{2})\b/.exec(problem)?.[1];
  return date === undefined ? [] : [[date, problem]];
}

/** What a day cost, by the cost model of the settings' cloud. */
export function costOf({ settings }: DashboardSource): CostOf {
  return ({ message_count: messages }) => dayCost(settings.cloud.kind, { messages }).usd;
}
