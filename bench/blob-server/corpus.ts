import { createHash } from 'node:crypto';

/** What a made tenant holds: every room has the same number of messages, spread over the business day. */
export interface CorpusShape {
  readonly tenant: string;
  /** The business date, in Asia/Tokyo: two UTC folders. */
  readonly date: string;
  readonly rooms: number;
  readonly messagesPerRoom: number;
  /** Of a message's JSON. */
  readonly bodyBytes: number;
}

export interface CorpusMessage {
  readonly key: string;
  readonly id: string;
  readonly at: string;
}

const ROOMS_PER_USER = 4;
const MS_PER_DAY = 86_400_000;
const TOKYO_MS = 9 * 3_600_000;

const SENTENCES = [
  'The quarterly report is due on Friday and the numbers of the northern region are still missing. ',
  '会議の資料は共有フォルダーに置きましたので、確認をお願いします。',
  'Could you summarise the three main points of the contract, and say which of them are new? ',
  'なるほど、ではその方針で進めましょう。結果は明日までに報告します。',
  'const total = rows.filter((row) => row.valid).reduce((sum, row) => sum + row.amount, 0); ',
];

export function roomOf(index: number): { readonly user: string; readonly room: string } {
  const user = `user-${String(Math.floor(index / ROOMS_PER_USER)).padStart(6, '0')}`;
  return { user, room: `room-${digestOf(`${index}`).slice(0, 12)}` };
}

/** The same messages for the same shape, always. */
export function* corpusMessages(shape: CorpusShape): Generator<CorpusMessage> {
  const start = Date.parse(`${shape.date}T00:00:00Z`) - TOKYO_MS;
  const step = Math.floor(MS_PER_DAY / shape.messagesPerRoom);
  for (let index = 0; index < shape.rooms; index++) {
    const { user, room } = roomOf(index);
    for (let i = 0; i < shape.messagesPerRoom; i++) {
      const at = new Date(start + i * step + ((index * 7919) % step)).toISOString();
      const id = `m${String(index).padStart(6, '0')}${String(i).padStart(6, '0')}`;
      const folder = at.slice(0, 10).replaceAll('-', '/');
      const name = `${at.slice(11).replaceAll(':', '-')}-${id}.json`;
      yield { key: `${shape.tenant}/chat/${user}/${room}/messages/${folder}/${name}`, id, at };
    }
  }
}

/** A message as the chat product writes it, in exactly so many bytes where the parts that it must have leave room. */
export function messageBytes({ id, at }: CorpusMessage, bytes: number): Buffer {
  const number = Number(id.slice(-9));
  const role = number % 2 === 0 ? 'user' : 'assistant';
  const agent =
    role === 'user'
      ? ''
      : `,"agent_info":{"mode":"chat","execution_time_ms":${500 + (number % 4000)},"tokens_used":${100 + (number % 900)}}`;
  const head = `{"message_id":"${id}","timestamp":"${at}","role":"${role}"${agent},"content":"`;
  const room = Math.max(0, bytes - Buffer.byteLength(head) - 2);
  return Buffer.from(`${head}${contentOf(number, room)}"}`);
}

function contentOf(number: number, bytes: number): string {
  let text = '';
  let size = 0;
  for (let i = number; size < bytes; i += 3) {
    const sentence = SENTENCES[i % SENTENCES.length] ?? '';
    const all = Buffer.byteLength(sentence);
    const part = size + all <= bytes ? sentence : ' '.repeat(bytes - size);
    text += part;
    size += Buffer.byteLength(part);
  }
  return text;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
