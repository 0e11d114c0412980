import type { DaySummary } from '../views/day-summary';
import type { DayTotals, OverviewView } from '../views/overview';
import { type Frame, link, scrolling } from './frame';
import { type Html, html } from './html';
import { glyph, STATE_CLASS, stateText } from './state-mark';

/** A row for each tenant, a column for each day. End tags that HTML can do without are left out: there are thousands of cells. */
export function dayGrid(frame: Frame, view: OverviewView): Html {
  const { words, links } = frame;
  const { from, to, rows, totals } = view;
  const caption = words.text('grid_caption', { from: words.date(from), to: words.date(to) });
  const shortDates = new Map(totals.map(({ date }) => [date, words.shortDate(date)]));
  const cell = (tenant: string, { date, state }: DaySummary): Html => {
    const name = `${tenant}, ${shortDates.get(date) ?? date}: ${stateText(words, state)}`;
    const href = links.day(tenant, date);
    if (state === 'before') return html`<td><span class="v">${stateText(words, state)}</span>`;
    if (href === undefined) {
      return html`<td><span class="${STATE_CLASS[state]}" role="img" aria-label="${name}">${glyph(state)}</span>`;
    }
    return html`<td><a class="${STATE_CLASS[state]}" href="${href}" aria-label="${name}">${glyph(state)}</a>`;
  };
  return scrolling(
    caption,
    html`<table class="grid"><caption class="v">${caption}</caption><thead>${monthRow(frame, totals)}${dayRow(frame, totals)}</thead><tbody>${rows.map(
      ({ tenant, days }) =>
        html`<tr><th scope="row">${link(links.tenant(tenant, to), tenant)}</th>${days.map((day) => cell(tenant, day))}
`,
    )}</tbody><tfoot>${publishedRow(frame, totals, rows.length)}${messagesRow(frame, totals)}</tfoot></table>`,
  );
}

function monthRow({ words }: Frame, totals: readonly DayTotals[]): Html {
  const months: { name: string; span: number }[] = [];
  for (const { date } of totals) {
    const name = words.month(date);
    const last = months.at(-1);
    if (last?.name === name) last.span += 1;
    else months.push({ name, span: 1 });
  }
  return html`<tr><td></td>${months.map(
    ({ name, span }) =>
      html`<th class="mo" scope="colgroup" colspan="${span}">${span > 1 && name}${span === 1 && html`<span class="v">${name}</span>`}</th>`,
  )}</tr>`;
}

function dayRow({ words }: Frame, totals: readonly DayTotals[]): Html {
  return html`<tr><th scope="col">${words.text('tenant')}</th>${totals.map(
    ({ date }) => html`<th scope="col">${Number(date.slice(8))}<br>${words.weekday(date)}</th>`,
  )}</tr>`;
}

function publishedRow({ words }: Frame, totals: readonly DayTotals[], tenants: number): Html {
  return html`<tr><th scope="row">${words.text('totals', { count: words.count(tenants) })}</th>${totals.map(
    ({ states }) => {
      const { published = 0, late = 0, partial = 0, failed = 0, missing = 0, unreadable = 0 } = states;
      const isShort = failed + missing + unreadable > 0;
      return html`<td${isShort && html` class="short"`}>${words.count(published + late + partial)}</td>`;
    },
  )}</tr>`;
}

const BAR_HEIGHT = 22;

function messagesRow({ words }: Frame, totals: readonly DayTotals[]): Html {
  const most = Math.max(1, ...totals.map(({ messages }) => messages));
  return html`<tr><th scope="row">${words.text('totals_messages')}</th>${totals.map(({ messages }) => {
    const height = Math.round((messages / most) * BAR_HEIGHT);
    return html`<td>${
      height > 0 &&
      html`<svg class="vol" viewBox="0 0 16 ${BAR_HEIGHT}" aria-hidden="true"><rect y="${BAR_HEIGHT - height}" width="16" height="${height}"/></svg>`
    }${words.shortCount(messages)}</td>`;
  })}</tr>`;
}
