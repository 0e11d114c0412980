import type { TextKey } from '../texts/english';
import type { Words } from '../texts/words';
import type { DayStage } from '../views/day-summary';
import { type Html, html } from './html';

const WIDTH = 1000;
const LEAST = 3;

export const STAGE_TEXT: Readonly<Record<DayStage['stage'], TextKey>> = {
  plan: 'stage_plan',
  collect: 'stage_collect',
  publish: 'stage_publish',
};

const STAGE_CLASS: Readonly<Record<DayStage['stage'], string>> = { plan: 'c1', collect: 'c2', publish: 'c3' };

/** A stretch of time, in milliseconds since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export function spanOf(stages: readonly DayStage[]): Span {
  const begins = stages.map(({ begun_at }) => Date.parse(begun_at));
  const ends = stages.map(({ ended_at }) => Date.parse(ended_at));
  return { from: Math.min(...begins), to: Math.max(...ends) };
}

/** Stages as bars within a stretch. What they say stands beside them as text. */
export function timeBars(stages: readonly DayStage[], { from, to }: Span): Html {
  const scale = WIDTH / Math.max(1, to - from);
  return html`<svg class="time" viewBox="0 0 ${WIDTH} 16" preserveAspectRatio="none" aria-hidden="true">${stages.map(
    ({ stage, begun_at, ended_at }) => {
      const begin = Math.max(0, (Date.parse(begun_at) - from) * scale);
      const width = Math.max(LEAST, (Date.parse(ended_at) - Date.parse(begun_at)) * scale);
      return html`<rect class="${STAGE_CLASS[stage]}" x="${Math.round(Math.min(begin, WIDTH - LEAST))}" y="2" width="${Math.round(width)}" height="12"/>`;
    },
  )}</svg>`;
}

export function secondsOf({ begun_at, ended_at }: DayStage): number {
  return Math.max(0, (Date.parse(ended_at) - Date.parse(begun_at)) / 1000);
}

/** Which colour is which stage. */
export function stageKeys(words: Words): Html {
  return html`<ul class="keys">${(['plan', 'collect', 'publish'] as const).map(
    (stage) =>
      html`<li><svg class="time" viewBox="0 0 12 12" aria-hidden="true"><rect class="${STAGE_CLASS[stage]}" width="12" height="12"/></svg>${words.text(STAGE_TEXT[stage])}</li>`,
  )}</ul>`;
}
