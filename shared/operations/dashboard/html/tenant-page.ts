import { addDays, epochDay } from '../../../calendar';
import { earliest } from '../views/dates';
import { isTroubled } from '../views/day-state';
import type { DaySummary } from '../views/day-summary';
import { countsOf } from '../views/overview';
import type { TenantView } from '../views/tenant';
import { barChart } from './bars';
import { type Frame, link, scrolling, title } from './frame';
import { type Html, html } from './html';
import { legend, stateChip, stateChips } from './state-mark';

export function tenantPage(frame: Frame, view: TenantView): Html {
  const { words, links } = frame;
  const { tenant, from, to, newest, timeZone, days } = view;
  const length = epochDay(to) - epochDay(from) + 1;
  const later = addDays(to, length);
  const around = [
    [links.tenant(tenant, addDays(from, -1)), words.text('earlier')],
    [to < newest ? links.tenant(tenant, earliest(later, newest)) : undefined, words.text('later')],
  ] as const;
  return html`${title(frame, words.text('tenant_title', { tenant }))}
<section class="card"><p>${words.date(from)} – ${words.date(to)} <span class="note">(${timeZone})</span></p>${stateChips(words, countsOf(days.map(({ state }) => state)))}
<ul class="links">${around.filter(([href]) => href !== undefined).map(([href, text]) => html`<li>${link(href, text)}</li>`)}</ul></section>
${charts(frame, days)}
<section class="card">${dayTable(frame, view)}${legend(words)}</section>`;
}

function charts(frame: Frame, days: readonly DaySummary[]): Html {
  const { words } = frame;
  const bars = (value: (day: DaySummary) => number | undefined) =>
    days.map((day) => ({ date: day.date, value: value(day), isTroubled: isTroubled(day.state) }));
  const all = [
    {
      key: 'chart_messages',
      value: (day: DaySummary) => day.messages,
      tell: (value: number) => words.count(value),
      sums: true,
    },
    {
      key: 'chart_bytes',
      value: (day: DaySummary) => day.bytes,
      tell: (value: number) => words.bytes(value),
      sums: true,
    },
    {
      key: 'chart_duration',
      value: (day: DaySummary) => day.seconds,
      tell: (value: number) => words.duration(value),
      sums: false,
    },
    {
      key: 'chart_cost',
      value: (day: DaySummary) => day.cost,
      tell: (value: number) => words.money(value),
      sums: true,
    },
  ] as const;
  return html`<div class="cols">${all.map(
    ({ key, value, tell, sums }) =>
      html`<section class="card">${barChart(frame, { caption: words.text(key), bars: bars(value), tell, sums })}</section>`,
  )}</div>`;
}

function dayTable(frame: Frame, { tenant, days }: TenantView): Html {
  const { words } = frame;
  const shown = days.filter(({ state }) => state !== 'before').reverse();
  const name = words.text('table_of_days');
  return scrolling(
    name,
    html`<table><caption>${name}</caption><thead><tr><th scope="col">${words.text('day')}</th><th scope="col">${words.text('result')}</th><th scope="col" class="n">${words.text('messages')}</th><th scope="col" class="n">${words.text('bytes')}</th><th scope="col" class="n">${words.text('duration')}</th><th scope="col" class="n">${words.text('cost')}</th><th scope="col" class="n">${words.text('kept_out')}</th><th scope="col" class="n">${words.text('late_messages')}</th></tr></thead><tbody>${shown.map(
      (day) => dayRow(frame, tenant, day),
    )}</tbody></table>`,
  );
}

function dayRow({ words, links }: Frame, tenant: string, day: DaySummary): Html {
  const { date, state, messages, bytes, seconds, cost, quarantined, lateMessages } = day;
  const cell = (value: number | undefined, tell: (value: number) => string) =>
    html`<td class="n">${value === undefined ? '' : tell(value)}</td>`;
  const count = (value: number) => words.count(value);
  return html`<tr><th scope="row" class="o">${link(links.day(tenant, date), words.date(date))}</th><td>${stateChip(words, state)}</td>${cell(messages, count)}${cell(bytes, (value) => words.bytes(value))}${cell(seconds, (value) => words.duration(value))}${cell(cost, (value) => words.money(value))}${cell(quarantined, count)}${cell(lateMessages, count)}</tr>`;
}
