import type { TextKey } from '../texts/english';
import type { DayProof, DayView } from '../views/day';
import type { DayStage } from '../views/day-summary';
import { failureText } from './failure-text';
import { type Frame, figures, heading, link, scrolling, title } from './frame';
import { type Html, html } from './html';
import { stateChip } from './state-mark';
import { STAGE_TEXT, secondsOf, spanOf, stageKeys, timeBars } from './timeline';

export function dayPage(frame: Frame, view: DayView): Html {
  const { words, links } = frame;
  const { tenant, date, state } = view;
  const around = [
    [links.day(tenant, view.previous), words.text('day_previous')],
    [view.next === undefined ? undefined : links.day(tenant, view.next), words.text('day_next')],
  ] as const;
  return html`${title(frame, `${tenant}, ${words.longDate(date)}`)}
<section class="card"><p>${stateChip(words, state)} ${link(links.tenant(tenant, date), tenant)}</p>${stateText(frame, view)}${view.publishedAt !== undefined && dayFigures(frame, view)}
<ul class="links">${around.filter(([href]) => href !== undefined).map(([href, text]) => html`<li>${link(href, text)}</li>`)}</ul></section>
${view.failure !== undefined && html`<section class="card">${heading(frame, words.text('failure'))}${failureText(frame, view.failure)}${runAgain(frame, view)}</section>`}
${view.publishedAt !== undefined && published(frame, view)}`;
}

function published(frame: Frame, view: DayView): Html {
  const { words } = frame;
  return html`${view.proof !== undefined && html`<section class="card">${heading(frame, words.text('proof'))}${proofText(frame, view.proof)}</section>`}
<section class="card">${heading(frame, words.text('timeline'))}${stageTable(frame, view.stages)}</section>
<div class="cols"><section class="card">${heading(frame, words.text('quarantine'))}${quarantineTable(frame, view)}</section>
<section class="card">${heading(frame, words.text('drift'))}${driftTable(frame, view)}</section></div>
${otherNotices(frame, view)}`;
}

function stateText(frame: Frame, { state, tenant, date, problem }: DayView): Html | false {
  const { words } = frame;
  switch (state) {
    case 'missing':
      return html`<p>${words.text('day_missing')}</p><pre>makoto-batch run export --date ${date} --tenant ${tenant}</pre>`;
    case 'waiting':
      return html`<p>${words.text('day_waiting')}</p>`;
    case 'before':
      return html`<p>${words.text('day_before')}</p>`;
    case 'unreadable':
      return html`<p>${words.text('day_unreadable', { problem: problem ?? '' })}</p>`;
    default:
      return false;
  }
}

function runAgain({ words }: Frame, { tenant, date }: DayView): Html {
  return html`<p>${words.text('run_again')}:</p><pre>makoto-batch run export --date ${date} --tenant ${tenant}</pre>`;
}

function dayFigures(frame: Frame, view: DayView): Html {
  const { words, links } = frame;
  const instant = (at: string | undefined) => (at === undefined ? undefined : words.instant(at));
  const count = (value: number | undefined) => (value === undefined ? undefined : words.count(value));
  const { messages, bytes, seconds, cost, lastRevision, run } = view;
  return html`${figures(frame, [
    ['messages', html`<span class="big">${count(messages) ?? ''}</span>`],
    ['bytes', bytes === undefined ? undefined : words.bytes(bytes)],
    ['duration', seconds === undefined ? undefined : words.duration(seconds)],
    ['cost', cost === undefined ? undefined : words.money(cost)],
    ['parts', count(view.parts)],
    ['published_at', instant(view.publishedAt)],
    ['first_published_at', view.revisions > 0 ? instant(view.firstPublishedAt) : undefined],
    ['revisions', view.revisions > 0 ? count(view.revisions) : undefined],
    ['late_messages', count(view.lateMessages)],
    ['run', run === undefined ? undefined : link(links.run(run, undefined), run)],
    ['time_zone', view.timeZone],
    ['output', view.output === undefined ? undefined : html`<code>${view.output}</code>`, 'wide'],
    ['manifest', view.manifest === undefined ? undefined : html`<code>${view.manifest}</code>`, 'wide'],
  ])}${
    lastRevision !== undefined &&
    html`<p class="note">${words.text('last_revision', { at: words.instant(lastRevision.at), exported: words.change(lastRevision.exported) })}</p>`
  }${cost !== undefined && html`<p class="note">${words.text('cost_note')}</p>`}`;
}

function proofText({ words }: Frame, proof: DayProof): Html {
  const { listed, outside, exported, duplicates, quarantined, holds } = proof;
  const told = Object.fromEntries(
    Object.entries({ listed, outside, exported, duplicates, quarantined }).map(([name, value]) => [
      name,
      words.count(value),
    ]),
  );
  const sum = words.count(outside + exported + duplicates + quarantined);
  const verdict = holds ? words.text('proof_holds') : words.text('proof_broken', { listed: words.count(listed), sum });
  return html`<p>${words.text('proof_words', told)} <strong>${verdict}</strong></p>`;
}

function stageTable({ words }: Frame, stages: readonly DayStage[]): Html {
  if (stages.length === 0) return html`<p>${words.text('timeline_none')}</p>`;
  const span = spanOf(stages);
  return html`<p class="note">${words.text('timeline_day')}</p>${stageKeys(words)}${scrolling(
    words.text('timeline'),
    html`<table><thead><tr><th scope="col">${words.text('stage')}</th><th scope="col">${words.text('began')}</th><th scope="col" class="n">${words.text('took')}</th><td></td></tr></thead><tbody>${stages.map(
      (stage) =>
        html`<tr><th scope="row">${words.text(STAGE_TEXT[stage.stage])}</th><td class="o">${words.time(stage.begun_at)}</td><td class="n">${words.duration(secondsOf(stage))}</td><td>${timeBars([stage], span)}</td></tr>`,
    )}</tbody></table>`,
  )}`;
}

const REASON_TEXT: Readonly<Record<string, TextKey>> = {
  too_large: 'reason_too_large',
  bad_encoding: 'reason_bad_encoding',
  bad_json: 'reason_bad_json',
  not_an_object: 'reason_not_an_object',
  missing_field: 'reason_missing_field',
  wrong_type: 'reason_wrong_type',
  out_of_range: 'reason_out_of_range',
  bad_timestamp: 'reason_bad_timestamp',
  key_mismatch: 'reason_key_mismatch',
};

function quarantineTable({ words }: Frame, { quarantine, tenant, date }: DayView): Html {
  if (quarantine.length === 0) return html`<p>${words.text('quarantine_none')}</p>`;
  return html`<table><thead><tr><th scope="col">${words.text('reason')}</th><th scope="col" class="n">${words.text('count')}</th></tr></thead><tbody>${quarantine.map(
    ({ reason, count }) => {
      const known = Object.hasOwn(REASON_TEXT, reason) ? REASON_TEXT[reason] : undefined;
      return html`<tr><th scope="row"><code>${reason}</code>${known !== undefined && html`<br>${words.text(known)}`}</th><td class="n">${words.count(count)}</td></tr>`;
    },
  )}</tbody></table><pre>makoto-batch quarantine list --date ${date} --tenant ${tenant}</pre>`;
}

function driftTable({ words }: Frame, { drift, driftUnnamed }: DayView): Html {
  if (drift.length === 0) return html`<p>${words.text('drift_none')}</p>`;
  return html`${scrolling(
    words.text('drift'),
    html`<table><thead><tr><th scope="col">${words.text('field')}</th><th scope="col" class="n">${words.text('count')}</th><th scope="col">${words.text('first_seen')}</th></tr></thead><tbody>${drift.map(
      ({ field, count, firstSeen }) =>
        html`<tr><th scope="row"><code>${field}</code></th><td class="n">${words.count(count)}</td><td class="o">${firstSeen === undefined ? '' : words.instant(firstSeen)}</td></tr>`,
    )}</tbody></table>`,
  )}${driftUnnamed > 0 && html`<p class="note">${words.text('drift_unnamed', { count: words.count(driftUnnamed) })}</p>`}`;
}

function otherNotices(frame: Frame, { clockSkew, replacedSurrogates, repaired }: DayView): Html | false {
  const { words } = frame;
  if (clockSkew + replacedSurrogates + repaired === 0) return false;
  const shown = (value: number) => (value > 0 ? words.count(value) : undefined);
  return html`<section class="card">${heading(frame, words.text('other_notices'))}${figures(frame, [
    ['clock_skew', shown(clockSkew)],
    ['replaced_surrogates', shown(replacedSurrogates)],
    ['repaired', shown(repaired)],
  ])}</section>`;
}
