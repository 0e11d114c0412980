import type { CorpusMessage } from './corpus';
import { type CorpusShape, LEAST_BODY_BYTES } from './corpus-shape';
import { PHRASES } from './phrases';
import { scattered } from './random';

const SPACE = 0x20;

/**
 * The size of a message's JSON, in bytes. Of four messages with a spread two are as much above the mean as the other two are below, be they of
 * users or of assistants.
 *
 * @throws RangeError where it would be less than the fields take
 */
export function bodySize({ bodyBytes: mean, bodySpread: share = 0 }: CorpusShape, number: number): number {
  if (!(mean * (1 - share) >= LEAST_BODY_BYTES)) {
    throw new RangeError(`Expected bodies of at least ${LEAST_BODY_BYTES} bytes, got ${mean} ± ${share * 100} %.`);
  }
  if (share === 0) return mean;
  const away = Math.floor((scattered(Math.floor(number / 4)) / 2 ** 32) * mean * share);
  return number % 4 < 2 ? mean - away : mean + away;
}

/** A message as the chat product writes it, in exactly so many bytes. */
export function messageBytes(message: CorpusMessage, bytes = message.bytes): Buffer {
  const { id, user, room, at, number } = message;
  const isUser = number % 2 === 0;
  const head = `{"message_id":"${id}","user_id":"${user}","room_id":"${room}","timestamp":"${at}","role":"${isUser ? 'user' : 'assistant'}","content":"`;
  const tail = `"${isUser ? fieldsOfUser(number) : fieldsOfAssistant(number)}}`;
  // Both are ASCII: a character is a byte.
  const body = Buffer.allocUnsafe(bytes);
  const end = bytes - tail.length;
  fill(body, body.write(head, 'latin1'), end, number);
  body.write(tail, end, 'latin1');
  return body;
}

function fieldsOfUser(number: number): string {
  if (number % 34 !== 16) return '';
  const size = 180_000 + (number % 90_000);
  return `,"attachments":[{"name":"photo-${number % 1000}.jpg","content_type":"image/jpeg","size":${size}}]`;
}

function fieldsOfAssistant(number: number): string {
  const mode = number % 3 === 0 ? 'search' : 'chat';
  const agent = `,"agent_info":{"mode":"${mode}","execution_time_ms":${500 + (number % 4000)}.5,"tokens_used":${100 + (number % 900)}}`;
  if (number % 12 !== 5) return agent;
  return `,"context":{"rag_sources":[{"document":"handbook.md","page":${number % 90},"score":0.75}]}${agent}`;
}

/** Fills a part of a buffer with text: phrases while there is room, then spaces. */
function fill(target: Buffer, start: number, end: number, number: number): void {
  let at = start;
  for (let i = 1; ; i++) {
    const phrase = PHRASES[scattered(number * 31 + i) % PHRASES.length] as Buffer;
    if (at + phrase.length > end) break;
    target.set(phrase, at);
    at += phrase.length;
  }
  target.fill(SPACE, at, end);
}
