import type { DayState } from '../views/day-state';
import { DAY_STATES, worstOf } from '../views/day-state';
import { countsOf, type OverviewView } from '../views/overview';
import { type Frame, link, scrolling } from './frame';
import { type Html, html } from './html';
import { glyph, STATE_CLASS, stateText } from './state-mark';

const DAYS_A_WEEK = 7;

/** A row for each tenant, a column for each seven days: the mark of the worst day, and a bar for each day. */
export function weekGrid(frame: Frame, view: OverviewView): Html {
  const { words, links } = frame;
  const { from, to, rows, totals } = view;
  const caption = words.text('grid_caption_weeks', { from: words.date(from), to: words.date(to) });
  const weeks = weeksOf(totals);
  const cell = (tenant: string, states: readonly DayState[], last: string): Html => {
    const worst = worstOf(states);
    const name = `${tenant}, ${words.shortDate(last)}: ${told(frame, states)}`;
    const content = html`${glyph(worst)}<span class="pips">${states.map((state) => html`<i class="${STATE_CLASS[state]}"></i>`)}</span>`;
    const href = links.tenant(tenant, last);
    return href === undefined
      ? html`<td class="k"><span class="${STATE_CLASS[worst]}" role="img" aria-label="${name}">${content}</span>`
      : html`<td class="k"><a class="${STATE_CLASS[worst]}" href="${href}" aria-label="${name}">${content}</a>`;
  };
  return scrolling(
    caption,
    html`<table class="grid"><caption class="v">${caption}</caption><thead><tr><th scope="col">${words.text('tenant')}</th>${weeks.map(
      (week) =>
        html`<th scope="col">${link(links.overview({ to: week.at(-1)?.date ?? to, days: DAYS_A_WEEK }), words.shortDate(week[0]?.date ?? from))}</th>`,
    )}</tr></thead><tbody>${rows.map(
      ({ tenant, days }) =>
        html`<tr><th scope="row">${link(links.tenant(tenant, to), tenant)}</th>${weeksOf(days).map((week) =>
          cell(
            tenant,
            week.map(({ state }) => state),
            week.at(-1)?.date ?? to,
          ),
        )}
`,
    )}</tbody><tfoot><tr><th scope="row">${words.text('totals_messages')}</th>${weeks.map(
      (week) => html`<td>${words.shortCount(week.reduce((sum, { messages }) => sum + messages, 0))}</td>`,
    )}</tr></tfoot></table>`,
  );
}

/** Seven days at a time, so that the last ones are a whole week. */
function weeksOf<Day>(days: readonly Day[]): Day[][] {
  const weeks: Day[][] = [];
  const first = days.length % DAYS_A_WEEK;
  if (first > 0) weeks.push(days.slice(0, first));
  for (let index = first; index < days.length; index += DAYS_A_WEEK) weeks.push(days.slice(index, index + DAYS_A_WEEK));
  return weeks;
}

/** `5 published, 2 failed`, the worst first. */
function told({ words }: Frame, states: readonly DayState[]): string {
  const counts = countsOf(states);
  return DAY_STATES.flatMap((state) => {
    const count = counts[state] ?? 0;
    return count === 0 ? [] : [`${words.count(count)} ${stateText(words, state)}`];
  }).join(', ');
}
