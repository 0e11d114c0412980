import type { Report } from '../report';
import type { Words } from '../texts/words';
import { dayPage } from './day-page';
import type { Frame, Links } from './frame';
import { type Html, html } from './html';
import { document } from './layout';
import { overviewPage } from './overview-page';
import { runPage } from './run-page';
import { tenantPage } from './tenant-page';
import { youtubePage } from './youtube-page';

/** All views of a report one after the other, which lead to one another within the file. */
export function reportDocument(words: Words, report: Report, madeAt: string): string {
  const links = anchorsOf(report);
  const frame: Frame = { words, links, level: 2 };
  const { overview, tenants, days, runs, youtube } = report;
  const content = html`<h1>${words.text('report_title')}</h1><p>${words.date(overview.from)} – ${words.date(overview.to)}</p>
${part('overview', overviewPage(frame, overview))}
${tenants.map((view) => part(tenantAnchor(view.tenant), tenantPage(frame, view)))}
${days.length > 0 && html`<h2 id="days">${words.text('report_days')}</h2>`}${days.map((view) => part(dayAnchor(view.tenant, view.date), dayPage(frame, view)))}
${runs.map((view) => part(runAnchor(view.started_at, view.run), runPage(frame, view)))}
${part('youtube', youtubePage(frame, youtube))}`;
  return document({
    words,
    title: words.text('report_title'),
    navigation: [
      { href: '#overview', text: words.text('nav_overview'), isCurrent: false },
      ...tenants
        .slice(0, LISTED_TENANTS)
        .map(({ tenant }) => ({ href: `#${tenantAnchor(tenant)}`, text: tenant, isCurrent: false })),
      { href: '#youtube', text: words.text('nav_youtube'), isCurrent: false },
    ],
    languages: {},
    madeAt,
    content,
    isFile: true,
  });
}

/** More are found in the grid. */
const LISTED_TENANTS = 12;

function part(id: string, content: Html): Html {
  return html`<div id="${id}" class="part">${content}</div>`;
}

const tenantAnchor = (tenant: string) => `t-${tenant}`;
const dayAnchor = (tenant: string, date: string) => `d-${tenant}-${date}`;
const runAnchor = (startedAt: string, run: string) => `r-${startedAt}-${run}`;

function anchorsOf({ tenants, days, runs }: Report): Links {
  const tenantIds = new Set(tenants.map(({ tenant }) => tenant));
  const dayIds = new Set(days.map(({ tenant, date }) => dayAnchor(tenant, date)));
  const startOf = new Map([...runs].reverse().map(({ run, started_at }) => [run, started_at]));
  const runIds = new Set(runs.map(({ run, started_at }) => runAnchor(started_at, run)));
  return {
    overview: () => undefined,
    day: (tenant, date) => (dayIds.has(dayAnchor(tenant, date)) ? `#${dayAnchor(tenant, date)}` : undefined),
    tenant: (tenant) => (tenantIds.has(tenant) ? `#${tenantAnchor(tenant)}` : undefined),
    run: (run, startedAt = startOf.get(run)) => {
      const id = startedAt === undefined ? '' : runAnchor(startedAt, run);
      return runIds.has(id) ? `#${id}` : undefined;
    },
    youtube: () => undefined,
  };
}
