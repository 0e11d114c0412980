import { addDays } from '../../calendar';
import { readRuns } from '../../history/read-runs';
import type { Tenant } from '../../tenants';
import type { ViewRequest } from './query';
import { costOf, type DashboardSource, type DateSpan, knownTenants, readHistories, SUMMARY_ATTRIBUTES } from './source';
import { DAYS_BEFORE, dueDays, newestOf, spanTo } from './stretch';
import { lastDueDate } from './views/due-days';
import { ATTENTION_DAYS, type OverviewView, overviewView } from './views/overview';

const TENANTS_A_PAGE = 50;
const LAST_RUNS = 12;
/** How far back runs are looked for that were the last ones. */
const RUN_DAYS = 14;
/** The overview: of the tenants on a page the days that are shown, of all others the last week. */
export async function buildOverview(
  source: DashboardSource,
  request: Extract<ViewRequest, { view: 'overview' }>,
): Promise<OverviewView> {
  const { find, days } = request;
  const { tenants, refused } = await knownTenants(source);
  const newest = newestOf(source, tenants);
  const { from, to } = spanTo(request.to, newest, days);
  const found = tenants.filter(({ id }) => id.toLowerCase().includes(find.toLowerCase()));
  const pages = Math.max(1, Math.ceil(found.length / TENANTS_A_PAGE));
  const page = Math.min(request.page, pages);
  const shown = found.slice((page - 1) * TENANTS_A_PAGE, page * TENANTS_A_PAGE);
  // Last days are looked at of all tenants, and are read already of those whose last days are shown.
  const recent = { from: addDays(newest, -ATTENTION_DAYS - 1), to: newest };
  const isRead = to === newest && from <= recent.from;
  const [runs, shownDays, otherDays] = await Promise.all([
    lastRuns(source),
    readOverview(source, shown, { from: addDays(from, -DAYS_BEFORE), to }),
    readOverview(source, isRead ? tenants.filter((tenant) => !shown.includes(tenant)) : tenants, recent),
  ]);
  return overviewView({
    ...{ from, to, newest, find, refused, page, pages, perPage: TENANTS_A_PAGE, count: found.length },
    ...{ runs: runs.runs.slice(0, LAST_RUNS), unreadable: runs.unreadable },
    all: isRead ? [...shownDays, ...otherDays] : otherDays,
    shown: shownDays,
    costOf: costOf(source),
  });
}

async function readOverview(source: DashboardSource, tenants: readonly Tenant[], span: DateSpan) {
  const histories = await readHistories(
    source,
    tenants.map(({ id }) => id),
    { ...span, attributes: SUMMARY_ATTRIBUTES },
  );
  const due = dueDays(source);
  const dueIn = new Map(
    [...new Set(tenants.map(({ timeZone }) => timeZone))].map((zone) => [zone, lastDueDate(due, zone)]),
  );
  return histories.map((history, index) => {
    const { id = '', timeZone = '' } = tenants[index] ?? {};
    return { id, lastDue: dueIn.get(timeZone) ?? '', history };
  });
}

async function lastRuns({ metadata, clock }: DashboardSource) {
  const from = new Date(clock.now() - RUN_DAYS * 86_400_000).toISOString().slice(0, 'yyyy-mm-dd'.length);
  return readRuns(metadata, { from });
}
