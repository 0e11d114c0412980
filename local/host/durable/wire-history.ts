import type { HistoryEvent } from './history';

/**
 * The JSON of a history as the library is given it: every event with `IsPlayed`, true for those of earlier turns. What
 * has been recorded never changes, so its text is kept and only added to; otherwise each turn would write the whole
 * history again.
 */
export class WireHistory {
  #played = '';
  #playedCount = 0;

  /** `[…]` of the recorded history followed by the turn's own events. `recorded` only ever grows between calls. */
  json(recorded: readonly HistoryEvent[], turn: readonly HistoryEvent[]): string {
    for (const event of recorded.slice(this.#playedCount)) {
      this.#played += `${this.#playedCount === 0 ? '' : ','}${eventJson(event, true)}`;
      this.#playedCount++;
    }
    const fresh = turn.map((event) => eventJson(event, false)).join(',');
    return `[${this.#played}${this.#played === '' || fresh === '' ? '' : ','}${fresh}]`;
  }
}

function eventJson(event: HistoryEvent, isPlayed: boolean): string {
  return JSON.stringify({ ...event, IsPlayed: isPlayed });
}
