import { type CorpusRoom, corpusRooms } from './corpus-rooms';
import { type CorpusShape, daysOf } from './corpus-shape';
import { bodySize } from './message-body';

export type { CorpusShape } from './corpus-shape';
export { messageBytes } from './message-body';

export interface CorpusMessage {
  readonly key: string;
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly user: string;
  readonly room: string;
  /** Its number among all messages of the corpus. */
  readonly number: number;
  /** Its size in bytes. */
  readonly bytes: number;
}

const MS_PER_DAY = 86_400_000;
const TOKYO_MS = 9 * 3_600_000;
/** Of a message's id: the numbers of the room, of the day and of the message in both. */
const [ROOM_DIGITS, DAY_DIGITS, INDEX_DIGITS] = [6, 3, 6];
const ID_LENGTH = 1 + ROOM_DIGITS + DAY_DIGITS + INDEX_DIGITS;
const END = '.json';

/**
 * The messages of a made tenant, the same for the same shape, always. None is kept: each is made anew from its number or its key, so that a
 * corpus of millions takes only the memory of its rooms.
 */
export class Corpus {
  /** By their index. */
  readonly rooms: readonly CorpusRoom[];
  readonly messagesPerDay: number;
  /** All messages of a room, of all days. */
  readonly messagesInRoom: number;
  readonly #shape: CorpusShape;
  readonly #begin: number;
  readonly #step: number;

  constructor(shape: CorpusShape) {
    const { date, messagesPerRoom, daysBefore = 0 } = shape;
    this.rooms = corpusRooms(shape);
    this.messagesPerDay = messagesPerRoom;
    this.messagesInRoom = messagesPerRoom * daysOf(shape);
    this.#shape = shape;
    this.#begin = Date.parse(`${date}T00:00:00Z`) - TOKYO_MS - daysBefore * MS_PER_DAY;
    this.#step = Math.floor(MS_PER_DAY / messagesPerRoom);
  }

  /** @param ordinal of the room's messages, by time, which is the order of their keys */
  message(room: CorpusRoom, ordinal: number): CorpusMessage {
    const day = Math.floor(ordinal / this.messagesPerDay);
    const index = ordinal % this.messagesPerDay;
    const at = new Date(this.#instantOf(room, day, index)).toISOString();
    const id = `m${digits(room.index, ROOM_DIGITS)}${digits(day, DAY_DIGITS)}${digits(index, INDEX_DIGITS)}`;
    const folder = `${at.slice(0, 4)}/${at.slice(5, 7)}/${at.slice(8, 10)}`;
    const time = `${at.slice(11, 13)}-${at.slice(14, 16)}-${at.slice(17)}`;
    const number = room.index * this.messagesInRoom + ordinal;
    return {
      key: `${room.prefix}${folder}/${time}-${id}${END}`,
      id,
      at,
      user: room.user,
      room: room.room,
      number,
      bytes: bodySize(this.#shape, number),
    };
  }

  /** The message with this key, if there is one. */
  find(key: string): CorpusMessage | undefined {
    const id = key.length - END.length - ID_LENGTH + 1;
    const room = this.rooms[numberAt(key, id, ROOM_DIGITS)];
    const day = numberAt(key, id + ROOM_DIGITS, DAY_DIGITS);
    const index = numberAt(key, id + ROOM_DIGITS + DAY_DIGITS, INDEX_DIGITS);
    if (room === undefined || !(index < this.messagesPerDay)) return undefined;
    const ordinal = day * this.messagesPerDay + index;
    if (!(ordinal < this.messagesInRoom)) return undefined;
    const message = this.message(room, ordinal);
    return message.key === key ? message : undefined;
  }

  /** When the last message of a room was written, in epoch ms. */
  lastInstant(room: CorpusRoom): number {
    return this.#instantOf(room, daysOf(this.#shape) - 1, this.messagesPerDay - 1);
  }

  #instantOf(room: CorpusRoom, day: number, index: number): number {
    return this.#begin + day * MS_PER_DAY + index * this.#step + ((room.index * 7919) % this.#step);
  }
}

/** Every message of every day. */
export function* corpusMessages(shape: CorpusShape): Generator<CorpusMessage> {
  const corpus = new Corpus(shape);
  for (const room of corpus.rooms) {
    for (let ordinal = 0; ordinal < corpus.messagesInRoom; ordinal++) yield corpus.message(room, ordinal);
  }
}

function digits(number: number, count: number): string {
  return String(number).padStart(count, '0');
}

/** The number whose digits stand there; NaN where something else does. */
function numberAt(text: string, start: number, count: number): number {
  let number = 0;
  for (let i = start; i < start + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}
