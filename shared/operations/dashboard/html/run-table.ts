import type { RunSummary } from '../../../history/run-summary';
import type { Words } from '../texts/words';
import { type Frame, link, scrolling } from './frame';
import { type Html, html } from './html';
import { runChip } from './state-mark';

/** The last runs, the newest first. */
export function runTable(frame: Frame, runs: readonly RunSummary[]): Html {
  const { words } = frame;
  if (runs.length === 0) return html`<p>${words.text('runs_none')}</p>`;
  return scrolling(
    words.text('runs_title'),
    html`<table><thead><tr><th scope="col">${words.text('run')}</th><th scope="col">${words.text('result')}</th><th scope="col">${words.text('job')}</th><th scope="col">${words.text('began')}</th><th scope="col" class="n">${words.text('took')}</th><th scope="col" class="n">${words.text('tenants_done')}</th><th scope="col" class="n">${words.text('tenants_failed')}</th><th scope="col" class="n">${words.text('messages')} / ${words.text('videos')}</th><th scope="col">${words.text('asked_by')}</th></tr></thead><tbody>${runs.map(
      (run) => runRow(frame, run),
    )}</tbody></table>`,
  );
}

function runRow({ words, links }: Frame, run: RunSummary): Html {
  const { tenants, figures, started_at, ended_at } = run;
  const count = figures.exported ?? figures.videos;
  return html`<tr><th scope="row" class="o">${link(links.run(run.run, started_at), run.run)}</th><td>${runChip(words, run.status)}</td><td class="o">${words.text(run.job === 'export' ? 'job_export' : 'job_youtube')}</td><td class="o">${words.instant(started_at)}</td><td class="n">${words.duration(runSeconds({ started_at, ended_at }))}</td><td class="n">${words.count(tenants.completed)}</td><td class="n">${words.count(tenants.failed)}</td><td class="n">${count === undefined ? '' : words.count(count)}</td><td>${askedBy(words, run)}</td></tr>`;
}

export function runSeconds({ started_at, ended_at }: Pick<RunSummary, 'started_at' | 'ended_at'>): number {
  return Math.max(0, (Date.parse(ended_at) - Date.parse(started_at)) / 1000);
}

export function askedBy(words: Words, { requested_by }: Pick<RunSummary, 'requested_by'>): string {
  if (requested_by === 'schedule') return words.text('by_schedule');
  return requested_by === 'request' ? words.text('by_request') : requested_by;
}
