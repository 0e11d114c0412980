import { type BusinessDate, epochDay } from '../../shared/calendar';
import type { MetadataItem } from '../../shared/ports/metadata-store';
import { outagesOf } from './history-courses';
import { exportNight } from './history-exports';
import { syncDay } from './history-syncs';
import { EXPORT_HOUR, type HistoryPlan, type HistoryTenant, MS_PER_DAY, planned } from './history-tenants';

export type { HistoryTenant } from './history-tenants';

export interface HistoryOptions {
  readonly tenants: readonly HistoryTenant[];
  /** The first and the last business date; both are part of it. */
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  /** Another seed gives another past. */
  readonly seed: string;
  /** Epoch ms: what comes after has not happened yet. */
  readonly now: number;
}

/** When the last of a run's tenants is through, for sure. */
const RUN_TAKES_MS = 30 * 60_000;

/**
 * The records that runs of every night leave in the metadata store: of days (published, some of them with messages that came late, some
 * failed and mended the night after, a few failed for good or missing), of whole runs, of YouTube syncs whose catalogues grow, and of the
 * quota. Only the records: neither messages nor parts nor manifests belong to them. The same options give the same records, oldest first.
 *
 * The first three tenants have one day of each kind within the last week, so that a short history shows all kinds too.
 */
export function* sampleHistory({ tenants, from, to, seed, now }: HistoryOptions): Generator<MetadataItem> {
  const first = epochDay(from);
  const last = epochDay(to);
  const lastNight = Math.floor((now - RUN_TAKES_MS - EXPORT_HOUR * 3_600_000) / MS_PER_DAY);
  const span = {
    seed,
    tenants: tenants.map((tenant, place) => planned(tenant, place, seed, first)),
    from: first,
    to: last,
    // A day's last night is that of the latest zone.
    lastNight: Math.min(lastNight, last + 1),
  };
  const plan: HistoryPlan = { ...span, outages: outagesOf(span) };
  for (let night = first - 1; night <= plan.lastNight; night++) {
    if (night < last) yield* syncDay(plan, night);
    yield* exportNight(plan, night);
  }
}
