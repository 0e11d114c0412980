import type { Failure } from '../../../errors';
import { failureWords } from '../../failure-words/failure-words';
import type { Frame } from './frame';
import { type Html, html } from './html';

/** A failure in plain words, with what was reported below it. */
export function failureText({ words }: Frame, failure: Failure & { readonly at?: string }): Html {
  const { what, advice } = failureWords(words.language, failure);
  const { code, kind, message, stage, at } = failure;
  const where = [
    at === undefined ? '' : words.text('failure_at', { at: words.instant(at) }),
    stage === undefined ? '' : words.text('failure_in', { stage }),
  ].filter((text) => text !== '');
  return html`<p><strong>${what}</strong>${where.length > 0 && html` <span class="note">${where.join(' · ')}</span>`}</p>
<p class="todo">${words.text('what_to_do')}: ${advice}</p>
<details><summary>${words.text('said')}: <code>${code}</code> (${kind})</summary><pre>${message}</pre></details>`;
}
