import { addDays, epochDay } from '../../../calendar';
import { datesBetween, earliest } from '../views/dates';
import type { CatalogueGrowth, QuotaOfDay, YoutubeView } from '../views/youtube';
import { barChart } from './bars';
import { type Frame, figures, heading, link, scrolling, title } from './frame';
import { growthLine } from './growth-line';
import { type Html, html } from './html';
import { unreadable } from './overview-page';
import { runChip } from './state-mark';

export function youtubePage(frame: Frame, view: YoutubeView): Html {
  const { words, links } = frame;
  const { from, to, newest } = view;
  const length = epochDay(to) - epochDay(from) + 1;
  const later = addDays(to, length);
  const around = [
    [links.youtube(addDays(from, -1)), words.text('earlier')],
    [to < newest ? links.youtube(earliest(later, newest)) : undefined, words.text('later')],
  ] as const;
  const shown = around.filter(([href]) => href !== undefined);
  return html`${title(frame, words.text('youtube_title'))}<p>${words.date(from)} – ${words.date(to)}</p>
<section class="card">${heading(frame, words.text('quota'))}${quota(frame, view)}</section>
${heading(frame, words.text('growth'))}
${view.catalogues.length === 0 ? html`<p>${words.text('growth_none')}</p>` : html`<div class="cols">${view.catalogues.map((catalogue) => growth(frame, view, catalogue))}</div>`}
${shown.length > 0 && html`<ul class="links">${shown.map(([href, text]) => html`<li>${link(href, text)}</li>`)}</ul>`}${unreadable(frame, view.unreadable)}`;
}

function quota(frame: Frame, view: YoutubeView): Html {
  const { words } = frame;
  if (view.quota.length === 0) return html`<p>${words.text('quota_none')}</p>`;
  const keys = [...new Set(view.quota.map(({ key }) => key))];
  return html`${keys.map((key) => {
    const days = view.quota.filter((day) => day.key === key);
    const limit = days.at(-1)?.limit ?? 0;
    const byDate = new Map(days.map(({ date, used }) => [date, used]));
    const bars = datesBetween(view.from, view.to).map((date) => ({ date, value: byDate.get(date) }));
    const caption =
      keys.length > 1 ? `${words.text('quota_chart')} (${words.text('key')} ${key})` : words.text('quota_chart');
    return html`${barChart(frame, { caption, bars, tell: (value) => words.count(value), sums: true, limit })}<p class="note">${words.text('quota_limit', { limit: words.count(limit) })}</p>`;
  })}${quotaTable(frame, view.quota)}`;
}

function quotaTable({ words }: Frame, days: readonly QuotaOfDay[]): Html {
  const name = words.text('quota');
  const row = ({ date, used, limit, exhaustedAt }: QuotaOfDay) =>
    html`<tr><th scope="row" class="o">${words.date(date)}</th><td class="n">${words.count(used)}</td><td class="n">${words.count(limit)}</td><td class="n">${words.percent(limit === 0 ? 0 : used / limit)}</td><td>${
      exhaustedAt !== undefined && words.text('exhausted', { at: words.instant(exhaustedAt) })
    }</td></tr>`;
  return html`<details><summary>${words.text('table_of_days')}</summary>${scrolling(
    name,
    html`<table><thead><tr><th scope="col">${words.text('quota_day')}</th><th scope="col" class="n">${words.text('used')}</th><th scope="col" class="n">${words.text('limit')}</th><th scope="col" class="n">${words.text('share')}</th><td></td></tr></thead><tbody>${[...days].reverse().map(row)}</tbody></table>`,
  )}</details>`;
}

function growth(frame: Frame, { from, to }: YoutubeView, catalogue: CatalogueGrowth): Html {
  const { words, links } = frame;
  const { tenant, days, last, syncs } = catalogue;
  const gained = (days.at(-1)?.videos ?? 0) - (days[0]?.videos ?? 0);
  return html`<section class="card">${growthLine(frame, {
    caption: words.text('growth_chart', { tenant }),
    ...{ from, to },
    points: days.map(({ date, videos: value }) => ({ date, value })),
  })}${figures(frame, [
    ['tenant', link(links.tenant(tenant), tenant)],
    ['videos', days.length === 0 ? undefined : words.count(days.at(-1)?.videos ?? 0)],
    ['gained', days.length < 2 ? undefined : words.change(gained)],
    ['channels', last === undefined ? undefined : words.count(last.channels)],
    ['syncs', words.count(syncs)],
    ['last_sync', last && html`${runChip(words, last.status)} ${words.instant(last.at)}`],
  ])}</section>`;
}
