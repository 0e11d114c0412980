import { addDays } from '../../calendar';
import { TenantError } from '../../errors';
import { readQuotaDays } from '../../history/read-quota-days';
import { readRuns } from '../../history/read-runs';
import type { RunSummary } from '../../history/run-summary';
import type { Tenant } from '../../tenants';
import { runSpan } from './build-view';
import { reportDocument } from './html/report-page';
import { costOf, type DashboardSource, type DateSpan, knownTenants, readHistories, readSyncHistories } from './source';
import { DAYS_BEFORE, dueDays, newestOf, pacificToday, spanTo } from './stretch';
import { type Language, Words } from './texts/words';
import { type DayView, dayView } from './views/day';
import { type TenantHistory, tenantHistory } from './views/day-state';
import { lastDueDate, newestDate } from './views/due-days';
import { ATTENTION_DAYS, type OverviewView, overviewView } from './views/overview';
import { type RunView, runView } from './views/run';
import { type TenantView, tenantView } from './views/tenant';
import { quotaOf, type SyncHistory, type YoutubeView, youtubeView } from './views/youtube';

export interface ReportOptions {
  /** From 1. */
  readonly days: number;
  readonly language: Language;
  /** Without it, those of the settings. */
  readonly tenants?: readonly string[];
}

/** All views of a stretch of days. */
export interface Report {
  readonly overview: OverviewView;
  readonly tenants: readonly TenantView[];
  /** The days that have something to tell beside their figures: the newest first. */
  readonly days: readonly DayView[];
  readonly runs: readonly RunView[];
  readonly youtube: YoutubeView;
}

const RUNS = 30;
const DETAILED_DAYS = 500;

/**
 * The views of the page for the last days, of all tenants or some, read once.
 *
 * @throws TenantError where a tenant is not known, or there is none; MetadataError
 */
export async function readReport(source: DashboardSource, options: ReportOptions): Promise<Report> {
  const known = await knownTenants(source);
  const tenants = chosen(known.tenants, options.tenants);
  const newest = newestOf(source, tenants);
  const span = spanTo(undefined, newest, options.days);
  const pacific = spanTo(undefined, pacificToday(source), options.days);
  const ids = tenants.map(({ id }) => id);
  const least = Math.max(options.days, ATTENTION_DAYS) + DAYS_BEFORE;
  const [histories, syncs, runs, quota] = await Promise.all([
    readHistories(source, ids, { from: addDays(span.to, -least), to: span.to }),
    readSyncHistories(source, ids, pacific),
    readRuns(source.metadata, { from: span.from }),
    readQuotaDays(source.metadata, pacific),
  ]);
  const parts = tenants.map((tenant, index) => partsOf(source, tenant, histories[index] ?? tenantHistory([])));
  const shown = parts.map(({ tenant, lastDue, history }) => ({ id: tenant.id, lastDue, history }));
  const costs = costOf(source);
  return {
    overview: overviewView({
      ...{ ...span, newest, find: '', page: 1, pages: 1, perPage: Math.max(1, tenants.length), count: tenants.length },
      ...{ all: shown, shown, costOf: costs, unreadable: runs.unreadable, runs: runs.runs.slice(0, RUNS) },
      refused: options.tenants === undefined ? known.refused : [],
    }),
    tenants: parts.map((part) => tenantView({ ...viewParts(part), ...span, newest, costOf: costs })),
    days: parts
      .flatMap((part) => toldDays(source, part, span))
      .sort(newestFirst)
      .slice(0, DETAILED_DAYS),
    runs: runs.runs.slice(0, RUNS).map((summary) => runOf(source, summary, histories, syncs)),
    youtube: youtubeView({
      ...{ ...pacific, newest: pacific.to, quota: quota.days.map(quotaOf), histories: syncs },
      unreadable: quota.unreadable,
    }),
  };
}

/** A report as one file that needs nothing else: no key, no address and no script is in it. */
export async function reportHtml(source: DashboardSource, options: ReportOptions): Promise<string> {
  const report = await readReport(source, options);
  const words = new Words(options.language, source.settings.businessTimeZone);
  return reportDocument(words, report, new Date(source.clock.now()).toISOString());
}

function chosen(tenants: readonly Tenant[], wanted: readonly string[] | undefined): readonly Tenant[] {
  if (wanted === undefined) return tenants;
  return [...new Set(wanted)].map((id) => {
    const tenant = tenants.find((each) => each.id === id);
    if (tenant !== undefined) return tenant;
    const message = `There is no tenant "${id}" to report on: it is not among those of TENANT_ID, or its registry entry cannot be used.`;
    throw new TenantError(message, { code: 'tenant_unknown', kind: 'configuration' });
  });
}

interface TenantPart {
  readonly tenant: Tenant;
  readonly lastDue: string;
  readonly newest: string;
  readonly history: TenantHistory;
}

function partsOf(source: DashboardSource, tenant: Tenant, history: TenantHistory): TenantPart {
  const due = dueDays(source);
  const { timeZone } = tenant;
  return { tenant, lastDue: lastDueDate(due, timeZone), newest: newestDate(due, timeZone), history };
}

function viewParts({ tenant: { id: tenant, timeZone }, lastDue, newest, history }: TenantPart) {
  return { tenant, timeZone, lastDue, newest, history };
}

/** Days with a failure, late messages, quarantine or drift, and those that are missing. */
function toldDays(source: DashboardSource, part: TenantPart, { from, to }: DateSpan): DayView[] {
  const costs = costOf(source);
  const views: DayView[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) {
    const view = dayView({ ...viewParts(part), date, costOf: costs });
    if (hasMoreToTell(view)) views.push(view);
  }
  return views;
}

function hasMoreToTell({ state, quarantine, drift }: DayView): boolean {
  if (state === 'waiting' || state === 'before') return false;
  return state !== 'published' || quarantine.length > 0 || drift.length > 0;
}

function newestFirst(a: DayView, b: DayView): number {
  if (a.date !== b.date) return a.date < b.date ? 1 : -1;
  return a.tenant < b.tenant ? -1 : 1;
}

function runOf(
  source: DashboardSource,
  summary: RunSummary,
  histories: readonly TenantHistory[],
  syncs: readonly SyncHistory[],
): RunView {
  const { from, to } = runSpan(source, summary);
  const days = histories.flatMap((history) => [...history.days.values()]);
  return runView({ summary, days: days.filter(({ date }) => date >= from && date <= to), syncs });
}
