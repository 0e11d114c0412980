import type { BusinessDay } from '../../shared/calendar';
import type { Random } from './random';
import type { SampleRoom } from './rooms';
import type { ChatMessage } from './shapes';

/** How busy each hour of the people's own day is, from midnight on. */
const BUSY = [2, 1, 1, 0.5, 0.5, 1, 3, 6, 8, 7, 6, 6, 9, 7, 5, 5, 6, 7, 8, 9, 10, 9, 7, 4];
const LONGEST_CONVERSATION_MS = 20 * 60_000;

/** One conversation in a room, all of it within the day. */
export function* conversation(
  room: SampleRoom,
  day: BusinessDay,
  random: Random,
): Generator<ChatMessage, void, undefined> {
  const words = Object.entries(room.topic.slots).map(([slot, choices]) => [slot, random.pick(choices)] as const);
  let instantMs = startOf(day, random);
  for (const [turn, text] of room.topic.turns.entries()) {
    const role = turn % 2 === 0 ? 'user' : 'assistant';
    const content = words.reduce((filled, [slot, word]) => filled.replaceAll(`{${slot}}`, word), text);
    yield { room, messageId: `msg-${random.hex(16)}`, role, content, instantMs, timeZone: day.zone };
    instantMs += role === 'user' ? random.integer(1500, 15_000) : random.integer(8000, 150_000);
  }
}

/** On a day of 23 or 25 hours the busy hours are stretched to fit. */
function startOf(day: BusinessDay, random: Random): number {
  const hour = random.weighted(BUSY) + random.integer(0, 999_999) / 1_000_000;
  const start = day.start + Math.floor((hour / BUSY.length) * (day.end - day.start));
  return Math.min(start, day.end - LONGEST_CONVERSATION_MS);
}
