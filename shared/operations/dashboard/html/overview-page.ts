import { addDays, epochDay } from '../../../calendar';
import { failureWords } from '../../failure-words/failure-words';
import { earliest } from '../views/dates';
import { ATTENTION_DAYS, type OverviewView, sumOf, type TroubledDay } from '../views/overview';
import { dayGrid } from './day-grid';
import { failureText } from './failure-text';
import { type Frame, figures, heading, link, title } from './frame';
import { type Html, html } from './html';
import { runTable } from './run-table';
import { legend, stateChip, stateChips } from './state-mark';
import { weekGrid } from './week-grid';

/** More days than this are shown week by week. */
const DAYS_IN_GRID = 31;
const TROUBLED_SHOWN = 12;
const CHOICES = [7, 14, 30, 90];

export function overviewPage(frame: Frame, view: OverviewView): Html {
  return html`${title(frame, frame.words.text('overview_title'))}
<section class="card">${lastDay(frame, view)}</section>
<section class="card">${attention(frame, view)}</section>
<section class="card">${grid(frame, view)}</section>
${view.refused.length > 0 && html`<section class="card">${refused(frame, view)}</section>`}
<section class="card">${heading(frame, frame.words.text('runs_title'))}${runTable(frame, view.runs)}${unreadable(frame, view.unreadable)}</section>`;
}

function lastDay(frame: Frame, { lastDue }: OverviewView): Html {
  const { words } = frame;
  if (lastDue.date === '') return html`<p>${words.text('no_tenants')}</p>`;
  return html`${heading(frame, `${words.text('last_due')}: ${words.longDate(lastDue.date)}`)}<div class="strip">${stateChips(words, lastDue.states)}${figures(
    frame,
    [
      ['tenants', big(words.count(sumOf(Object.values(lastDue.states))))],
      ['messages', big(words.count(lastDue.messages))],
      ['bytes', big(words.bytes(lastDue.bytes))],
    ],
  )}</div>`;
}

function big(text: string): Html {
  return html`<span class="big">${text}</span>`;
}

function attention(frame: Frame, { troubled }: OverviewView): Html {
  const { words } = frame;
  const days = words.count(ATTENTION_DAYS);
  const shown = troubled.slice(0, TROUBLED_SHOWN);
  const rest = troubled.length - shown.length;
  if (troubled.length === 0) {
    return html`${heading(frame, words.text('attention'))}<p>${words.text('attention_none', { days })}</p>`;
  }
  return html`${heading(frame, words.text('attention'))}<ul class="list">${shown.map((day) => troubledItem(frame, day))}</ul>
<p class="note">${rest > 0 ? words.text('attention_more', { days, count: words.count(rest) }) : words.text('attention_rule', { days })}</p>`;
}

function troubledItem({ words, links }: Frame, { tenant, date, state, failure }: TroubledDay): Html {
  const said = failure && failureWords(words.language, failure);
  const command = `makoto-batch run export --date ${date} --tenant ${tenant}`;
  return html`<li><div class="who">${stateChip(words, state)}${link(links.day(tenant, date), `${tenant}, ${words.shortDate(date)}`)}</div><div>${
    said === undefined
      ? html`<p>${words.text(state === 'unreadable' ? 'meaning_unreadable' : 'meaning_missing')}</p><p><code>${command}</code></p>`
      : html`<p>${said.what}</p><p class="note">${words.text('what_to_do')}: ${said.advice}</p>`
  }</div></li>`;
}

function grid(frame: Frame, view: OverviewView): Html {
  const { words, links } = frame;
  const { from, to, newest, page, pages, perPage, count } = view;
  const days = epochDay(to) - epochDay(from) + 1;
  const first = (page - 1) * perPage + 1;
  const range = words.text('page_of', {
    first: words.count(Math.min(first, count)),
    last: words.count(Math.min(count, first + perPage - 1)),
    count: words.count(count),
  });
  return html`${heading(frame, `${words.date(from)} – ${words.date(to)}`)}${links.hidden !== undefined && gridForm(frame, view, days)}${
    view.rows.length === 0
      ? html`<p>${words.text('no_tenants')}</p>`
      : days > DAYS_IN_GRID
        ? weekGrid(frame, view)
        : dayGrid(frame, view)
  }<p class="note">${range}. ${pages > 1 && words.text('totals_note')}</p>${pageLinks(frame, {
    previous: page > 1 ? links.overview({ to, days, page: page - 1 }) : undefined,
    next: page < pages ? links.overview({ to, days, page: page + 1 }) : undefined,
    earlier: links.overview({ to: addDays(from, -1), days, page }),
    later: to < newest ? links.overview({ to: earliest(addDays(to, days), newest), days, page }) : undefined,
  })}${legend(words)}`;
}

interface PageLinks {
  readonly previous: string | undefined;
  readonly next: string | undefined;
  readonly earlier: string | undefined;
  readonly later: string | undefined;
}

function pageLinks({ words }: Frame, { previous, next, earlier, later }: PageLinks): Html {
  const all = [
    [previous, words.text('page_previous')],
    [next, words.text('page_next')],
    [earlier, words.text('earlier')],
    [later, words.text('later')],
  ] as const;
  const shown = all.filter(([href]) => href !== undefined);
  if (shown.length === 0) return html``;
  return html`<ul class="links">${shown.map(([href, text]) => html`<li>${link(href, text)}</li>`)}</ul>`;
}

function gridForm({ words, links }: Frame, { find, to }: OverviewView, days: number): Html {
  const choices = [...new Set([...CHOICES, days])].sort((a, b) => a - b);
  return html`<form method="get">${Object.entries(links.hidden ?? {})
    .filter(([name]) => !['days', 'to', 'find', 'page'].includes(name))
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label>${words.text('show_days')}<select name="days">${choices.map(
    (choice) => html`<option value="${choice}"${choice === days && html` selected`}>${words.count(choice)}</option>`,
  )}</select></label>
<label>${words.text('until')}<input type="date" name="to" value="${to}"></label>
<label>${words.text('find_tenant')}<input type="search" name="find" value="${find}" maxlength="128"></label>
<button>${words.text('show')}</button></form>`;
}

function refused(frame: Frame, view: OverviewView): Html {
  return html`${heading(frame, frame.words.text('refused_title'))}<ul class="list">${view.refused.map(
    (failure) =>
      html`<li><div class="who"><strong>${failure.tenant ?? ''}</strong></div><div>${failureText(frame, failure)}</div></li>`,
  )}</ul>`;
}

export function unreadable({ words }: Frame, problems: readonly string[]): Html | false {
  return (
    problems.length > 0 &&
    html`<details><summary>${words.text('unreadable_records')}: ${words.count(problems.length)}</summary><ul>${problems.map(
      (problem) => html`<li>${problem}</li>`,
    )}</ul></details>`
  );
}
