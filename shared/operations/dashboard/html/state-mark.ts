import type { RunStatus } from '../../../batch/report';
import type { TextKey } from '../texts/english';
import type { Words } from '../texts/words';
import { DAY_STATES, type DayState } from '../views/day-state';
import { type Html, html } from './html';

/** The names of the states in classes and glyphs: a large page has thousands of them. */
export const STATE_CLASS: Readonly<Record<DayState, string>> = {
  published: 'p',
  late: 'l',
  partial: 'a',
  failed: 'f',
  missing: 'm',
  unreadable: 'u',
  waiting: 'w',
  before: 'b',
};

const STATE_TEXT: Readonly<Record<DayState, TextKey>> = {
  published: 'state_published',
  late: 'state_late',
  partial: 'state_partial',
  failed: 'state_failed',
  missing: 'state_missing',
  unreadable: 'state_unreadable',
  waiting: 'state_waiting',
  before: 'state_before',
};

const STATE_MEANING: Readonly<Record<DayState, TextKey>> = {
  published: 'meaning_published',
  late: 'meaning_late',
  partial: 'meaning_partial',
  failed: 'meaning_failed',
  missing: 'meaning_missing',
  unreadable: 'meaning_unreadable',
  waiting: 'meaning_waiting',
  before: 'meaning_before',
};

const RUN_STATE: Readonly<Record<RunStatus, { readonly state: DayState; readonly text: TextKey }>> = {
  completed: { state: 'published', text: 'run_completed' },
  partial: { state: 'partial', text: 'run_partial' },
  failed: { state: 'failed', text: 'run_failed' },
};

/** The drawings of the marks, each of another shape. They stand once in a page, before any {@link glyph}. */
export function glyphs(): Html {
  const symbol = (id: string, path: string) =>
    html`<symbol id="${id}" viewBox="0 0 16 16"><path d="${path}"/></symbol>`;
  return html`<svg width="0" height="0" class="v" aria-hidden="true">${[
    symbol('p', 'M3.2 8.4l3.2 3.2 6.4-7'),
    symbol('l', 'M8 3.2v9.6M3.2 8h9.6'),
    symbol('a', 'M8 2.8v6.4M8 13v.1'),
    symbol('f', 'M3.8 3.8l8.4 8.4M12.2 3.8l-8.4 8.4'),
    symbol('m', 'M8 3a5 5 0 1 1 0 10A5 5 0 1 1 8 3z'),
    symbol('u', 'M5.4 5.6a2.6 2.6 0 1 1 3.7 2.4c-.8.4-1.1.8-1.1 1.6M8 13v.1'),
    symbol('w', 'M5 8h.1M8 8h.1M11 8h.1'),
    symbol('b', 'M8 8h.1'),
  ]}</svg>`;
}

export function glyph(state: DayState): Html {
  return html`<svg class="g" aria-hidden="true"><use href="#${STATE_CLASS[state]}"/></svg>`;
}

export function stateText(words: Words, state: DayState): string {
  return words.text(STATE_TEXT[state]);
}

/** A state with its mark and its name. */
export function stateChip(words: Words, state: DayState, note = ''): Html {
  return html`<span class="s ${STATE_CLASS[state]}">${glyph(state)}${note}${stateText(words, state)}</span>`;
}

export function runChip(words: Words, status: RunStatus): Html {
  const { state, text } = RUN_STATE[status];
  return html`<span class="s ${STATE_CLASS[state]}">${glyph(state)}${words.text(text)}</span>`;
}

/** How many days are in each state. */
export function stateChips(words: Words, states: Readonly<Partial<Record<DayState, number>>>): Html {
  const shown = DAY_STATES.filter((state) => (states[state] ?? 0) > 0);
  return html`<ul class="chips">${shown.map(
    (state) => html`<li>${stateChip(words, state, `${words.count(states[state] ?? 0)} `)}</li>`,
  )}</ul>`;
}

/** What every mark means. */
export function legend(words: Words): Html {
  return html`<details><summary>${words.text('legend')}</summary><dl class="legend">${LEGEND_ORDER.map(
    (state) => html`<dt>${stateChip(words, state)}</dt><dd>${words.text(STATE_MEANING[state])}</dd>`,
  )}</dl></details>`;
}

const LEGEND_ORDER: readonly DayState[] = [
  'published',
  'late',
  'partial',
  'failed',
  'missing',
  'unreadable',
  'waiting',
  'before',
];
