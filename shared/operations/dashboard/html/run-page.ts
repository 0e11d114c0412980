import type { RunTenantDay, RunView } from '../views/run';
import { failureText } from './failure-text';
import { type Frame, figures, heading, link, scrolling, title } from './frame';
import { type Html, html } from './html';
import { askedBy } from './run-table';
import { runChip, stateChip } from './state-mark';
import { STAGE_TEXT, secondsOf, stageKeys, timeBars } from './timeline';

export function runPage(frame: Frame, view: RunView): Html {
  const { words } = frame;
  return html`${title(frame, words.text('run_title', { run: view.run }))}
<section class="card"><p>${runChip(words, view.status)} ${words.text(view.job === 'export' ? 'job_export' : 'job_youtube')}</p>${runFigures(frame, view)}</section>
<section class="card">${heading(frame, words.text('failure'))}${failures(frame, view)}</section>
${view.job === 'export' ? html`<section class="card">${heading(frame, words.text('timeline'))}${timeline(frame, view)}</section>` : syncTable(frame, view)}`;
}

function runFigures(frame: Frame, view: RunView): Html {
  const { words } = frame;
  const { figures: sums, tenants, seconds } = view;
  const count = (value: number | undefined) => (value === undefined ? undefined : words.count(value));
  return figures(frame, [
    ['day', words.date(view.date)],
    ['began', words.instant(view.started_at)],
    ['ended', words.instant(view.ended_at)],
    ['took', words.duration(Math.max(0, seconds))],
    ['asked_by', askedBy(words, view)],
    ['tenants_done', count(tenants.completed)],
    ['tenants_failed', count(tenants.failed)],
    ['messages', count(sums.exported)],
    ['bytes', sums.bytes === undefined ? undefined : words.bytes(sums.bytes)],
    ['videos', count(sums.videos)],
    ['quota_units', count(sums.quotaUnits)],
    ['caught_up', view.job === 'export' ? count(view.caught_up) : undefined],
    ['late_days', view.job === 'export' ? count(view.late_days) : undefined],
  ]);
}

function failures(frame: Frame, { failures: all, failures_left_out: more = 0, date }: RunView): Html {
  const { words, links } = frame;
  if (all.length === 0) return html`<p>${words.text('failures_none')}</p>`;
  return html`<ul class="list">${all.map(
    (failure) =>
      html`<li><div class="who">${stateChip(words, 'failed')}${failure.tenant !== undefined && link(links.tenant(failure.tenant, date), failure.tenant)}</div><div>${failureText(frame, failure)}</div></li>`,
  )}</ul>${more > 0 && html`<p class="note">${words.text('failures_more', { count: words.count(more) })}</p>`}`;
}

function timeline(frame: Frame, view: RunView): Html {
  const { words, links } = frame;
  const { tenantDays, started_at, ended_at } = view;
  if (tenantDays.length === 0) return html`<p>${words.text('run_tenants_none')}</p>`;
  const span = { from: Date.parse(started_at), to: Date.parse(ended_at) };
  const name = words.text('timeline_run', { from: words.time(started_at), to: words.time(ended_at) });
  const row = ({ tenant, date, status, messages, stages }: RunTenantDay) =>
    html`<tr><th scope="row" class="o">${link(links.day(tenant, date), `${tenant}, ${words.shortDate(date)}`)}</th><td>${stateChip(words, status === 'completed' ? 'published' : 'failed')}</td><td class="n">${messages === undefined ? '' : words.count(messages)}</td><td>${stages.length > 0 && timeBars(stages, span)}</td><td class="o">${stages
      .map((stage) => `${words.text(STAGE_TEXT[stage.stage])} ${words.duration(secondsOf(stage))}`)
      .join(' · ')}</td></tr>`;
  return html`<p class="note">${name}</p>${stageKeys(words)}${scrolling(
    name,
    html`<table><thead><tr><th scope="col">${words.text('day')}</th><th scope="col">${words.text('result')}</th><th scope="col" class="n">${words.text('messages')}</th><th scope="col">${words.text('timeline')}</th><th scope="col">${words.text('stage')}</th></tr></thead><tbody>${tenantDays.map(row)}</tbody></table>`,
  )}`;
}

function syncTable(frame: Frame, { tenantSyncs }: RunView): Html | false {
  const { words, links } = frame;
  if (tenantSyncs.length === 0) return false;
  return html`<section class="card">${heading(frame, words.text('tenants'))}<table><thead><tr><th scope="col">${words.text('tenant')}</th><th scope="col">${words.text('result')}</th><th scope="col" class="n">${words.text('videos')}</th><th scope="col" class="n">${words.text('quota_units')}</th></tr></thead><tbody>${tenantSyncs.map(
    ({ tenant, status, videos, quotaUnits }) =>
      html`<tr><th scope="row">${link(links.tenant(tenant), tenant)}</th><td>${runChip(words, status)}</td><td class="n">${words.count(videos)}</td><td class="n">${words.count(quotaUnits)}</td></tr>`,
  )}</tbody></table></section>`;
}
