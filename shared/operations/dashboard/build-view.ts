import { addDays } from '../../calendar';
import { readQuotaDays } from '../../history/read-quota-days';
import { readRuns } from '../../history/read-runs';
import type { RunSummary } from '../../history/run-summary';
import type { Tenant } from '../../tenants';
import { buildOverview } from './build-overview';
import type { ViewRequest } from './query';
import {
  costOf,
  type DashboardSource,
  type DateSpan,
  knownTenants,
  readHistories,
  readSyncHistories,
  SUMMARY_ATTRIBUTES,
} from './source';
import { DAYS_BEFORE, dueDays, pacificToday, spanTo } from './stretch';
import { type DayView, dayView } from './views/day';
import { lastDueDate, newestDate } from './views/due-days';
import type { OverviewView } from './views/overview';
import { type RunView, runView } from './views/run';
import { type TenantView, tenantView } from './views/tenant';
import { quotaOf, type YoutubeView, youtubeView } from './views/youtube';

export type DashboardView = OverviewView | DayView | TenantView | RunView | YoutubeView;

/** Something was asked for by a name that nothing has. */
export interface NothingThere {
  readonly view: 'nothing';
  readonly what: 'tenant' | 'day' | 'run';
  readonly names: Readonly<Record<string, string>>;
}

/**
 * A view, from what the metadata store has recorded: two queries, and one for each tenant of it.
 *
 * @throws TenantError where there are no tenants at all; MetadataError
 */
export async function buildView(source: DashboardSource, request: ViewRequest): Promise<DashboardView | NothingThere> {
  switch (request.view) {
    case 'overview':
      return buildOverview(source, request);
    case 'day':
      return buildDay(source, request);
    case 'tenant':
      return buildTenant(source, request);
    case 'run':
      return buildRun(source, request);
    case 'youtube':
      return buildYoutube(source, request);
  }
}

type Request<View extends ViewRequest['view']> = Extract<ViewRequest, { view: View }>;

async function buildDay(
  source: DashboardSource,
  { tenant: id, date }: Request<'day'>,
): Promise<DayView | NothingThere> {
  const { tenant, isKnown } = await findTenant(source, id);
  const newest = newestDate(dueDays(source), tenant.timeZone);
  const [history] = await readHistories(source, [id], { from: addDays(date, -DAYS_BEFORE), to: date });
  if (history === undefined || (!isKnown && history.first === undefined)) return noTenant(id);
  if (date > newest && !history.days.has(date)) return { view: 'nothing', what: 'day', names: { tenant: id, date } };
  const { timeZone } = tenant;
  const lastDue = lastDueDate(dueDays(source), timeZone);
  return dayView({ tenant: id, date, timeZone, lastDue, newest, history, costOf: costOf(source) });
}

async function buildTenant(source: DashboardSource, request: Request<'tenant'>): Promise<TenantView | NothingThere> {
  const { tenant: id, days } = request;
  const { tenant, isKnown } = await findTenant(source, id);
  const newest = newestDate(dueDays(source), tenant.timeZone);
  const span = spanTo(request.to, newest, days);
  const [history] = await readHistories(source, [id], {
    from: addDays(span.from, -DAYS_BEFORE),
    to: span.to,
    attributes: SUMMARY_ATTRIBUTES,
  });
  if (history === undefined || (!isKnown && history.first === undefined)) return noTenant(id);
  const { timeZone } = tenant;
  const lastDue = lastDueDate(dueDays(source), timeZone);
  return tenantView({ tenant: id, timeZone, ...span, newest, lastDue, history, costOf: costOf(source) });
}

/** A tenant that is not in the settings may still have a history: then its days are the business zone's. */
async function findTenant(source: DashboardSource, id: string): Promise<{ tenant: Tenant; isKnown: boolean }> {
  const { tenants, refused } = await knownTenants(source);
  const tenant = tenants.find((each) => each.id === id);
  if (tenant !== undefined) return { tenant, isKnown: true };
  const isKnown = refused.some((failure) => failure.tenant === id);
  return { tenant: { id, timeZone: source.settings.businessTimeZone }, isKnown };
}

function noTenant(tenant: string): NothingThere {
  return { view: 'nothing', what: 'tenant', names: { tenant } };
}

async function buildRun(source: DashboardSource, { run, at }: Request<'run'>): Promise<RunView | NothingThere> {
  const { runs } = await readRuns(source.metadata, at === undefined ? {} : { from: at, to: at });
  const summary = runs.find((each) => each.run === run && (at === undefined || each.started_at === at));
  if (summary === undefined) return { view: 'nothing', what: 'run', names: { run } };
  const { tenants } = await knownTenants(source);
  const ids = tenants.map(({ id }) => id);
  const span = runSpan(source, summary);
  const [histories, syncs] = await Promise.all([
    summary.job === 'export' ? readHistories(source, ids, span) : [],
    summary.job === 'youtube' ? readSyncHistories(source, ids, span) : [],
  ]);
  return runView({ summary, days: histories.flatMap(({ days }) => [...days.values()]), syncs });
}

/** The days that a run may have touched: those it made up for or looked at again, and a day more in zones that are ahead. */
export function runSpan({ settings }: DashboardSource, { date }: RunSummary): DateSpan {
  const back = Math.max(settings.catchUpDays, settings.lateWindowDays) + 1;
  return { from: addDays(date, -back), to: addDays(date, 1) };
}

async function buildYoutube(source: DashboardSource, request: Request<'youtube'>): Promise<YoutubeView> {
  const newest = pacificToday(source);
  const span = spanTo(request.to, newest, request.days);
  const { tenants } = await knownTenants(source);
  const [quota, histories] = await Promise.all([
    readQuotaDays(source.metadata, span),
    readSyncHistories(
      source,
      tenants.map(({ id }) => id),
      span,
    ),
  ]);
  return youtubeView({ ...span, newest, quota: quota.days.map(quotaOf), histories, unreadable: quota.unreadable });
}
