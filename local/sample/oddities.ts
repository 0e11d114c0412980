import { type BusinessDay, utcFolders } from '../../shared/calendar';
import type { Fate, Ledger } from './ledger';
import type { Random } from './random';
import type { SampleRoom } from './rooms';
import { type ChatMessage, type MessageBody, plainBody } from './shapes';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const UTC_DAY = 24 * HOUR;

/** What an unusual message is made in: a room of the day, and the day with its two UTC folders. */
interface Setting {
  readonly message: ChatMessage;
  readonly body: MessageBody;
  readonly day: BusinessDay;
  /** From the first folder's midnight to the last one's end, epoch ms. */
  readonly folders: { readonly start: number; readonly end: number };
}

interface Oddity {
  readonly fate: Fate;
  readonly content: string;
  /** The object's bytes, or the object's JSON; without it, an ordinary message. */
  readonly write?: (setting: Setting) => Uint8Array | MessageBody;
  /** Where the key places it, epoch ms. */
  readonly at?: (setting: Setting) => number;
  /** The key's last part, where it is not the usual one. */
  readonly name?: (message: ChatMessage) => string;
}

const quarantined: readonly Oddity[] = [
  { fate: 'quarantined', content: '送信中に電波が切れた', write: ({ body }) => cutOff(body) },
  { fate: 'quarantined', content: '', write: ({ body }) => ({ ...body, content: ['two', 'parts'] }) },
  { fate: 'quarantined', content: '昨日の続きです', write: ({ body }) => ({ ...body, timestamp: '昨日の夜10時ごろ' }) },
  { fate: 'quarantined', content: '', write: shiftJis },
  { fate: 'quarantined', content: 'Is this my room?', write: ({ body }) => ({ ...body, user_id: 'somebody.else' }) },
  { fate: 'quarantined', content: '', write: ({ body: { role: _role, ...rest } }) => rest },
];

const kept: readonly Oddity[] = [
  {
    fate: 'exported',
    content: 'うれしい😊',
    write: ({ body }) => ({ ...body, sentiment: 'positive', client: { version: '4.2.0' } }),
  },
  {
    fate: 'exported',
    content: 'My phone thinks it is earlier',
    write: ({ body, message }) => ({ ...body, timestamp: new Date(message.instantMs - 7 * MINUTE).toISOString() }),
  },
  // Half of an emoji, as a client leaves it that cuts text by UTF-16 units.
  { fate: 'exported', content: '文字数の上限で切れました \ud83d' },
  { fate: 'exported', content: '時刻のない名前です', name: ({ messageId }) => `message-${messageId}.json` },
  { fate: 'exported', content: '日付が変わった瞬間', at: ({ day }) => day.start },
  { fate: 'exported', content: '日付が変わる直前', at: ({ day }) => day.end - 1 },
];

const outside: readonly Oddity[] = [
  { fate: 'outside', content: 'もう次の日です', at: ({ day }) => day.end },
  {
    fate: 'outside',
    content: 'A new day, same question',
    at: ({ day, folders }) => day.end + Math.floor((folders.end - day.end) / 2),
  },
  { fate: 'outside', content: 'まだ前の日です', at: ({ day }) => day.start - 1 },
  {
    fate: 'outside',
    content: '前の日の夕方でした',
    at: ({ day, folders }) => Math.floor((folders.start + day.start) / 2),
  },
  {
    fate: 'outside',
    content: '名前に時刻がなく、本文は翌日です',
    at: ({ day }) => day.end + 30 * MINUTE,
    name: ({ messageId }) => `message-${messageId}.json`,
  },
];

/**
 * One of each unusual message, in the rooms given: what must be kept out, what must be kept and noticed, what belongs to a
 * neighbouring day, and a message that was saved twice.
 *
 * @param rooms best those that the audit does not look into: it would rightly report their messages of the day before
 */
export function addOddities(ledger: Ledger, rooms: readonly SampleRoom[], day: BusinessDay, random: Random): void {
  for (const oddity of [...quarantined, ...kept, ...outside])
    addOddity(ledger, oddity, random.pick(rooms), day, random);
  addDuplicate(ledger, random.pick(rooms), day, random);
}

function addOddity(ledger: Ledger, oddity: Oddity, room: SampleRoom, day: BusinessDay, random: Random): void {
  const folders = foldersOf(day);
  const first = messageIn(room, oddity.content, day, random);
  const instantMs = oddity.at?.({ message: first, body: plainBody(first), day, folders }) ?? first.instantMs;
  const message = { ...first, instantMs };
  const setting: Setting = { message, body: plainBody(message), day, folders };
  const written = oddity.write?.(setting) ?? setting.body;
  const body = written instanceof Uint8Array ? written : encode(written as MessageBody);
  const name = oddity.name === undefined ? {} : { name: oddity.name(message) };
  ledger.add({ room, instantMs, messageId: message.messageId, body, fate: oddity.fate, ...name });
}

/** The writer's first try had arrived after all: the second has a later time in its key, and the same id. */
function addDuplicate(ledger: Ledger, room: SampleRoom, day: BusinessDay, random: Random): void {
  const message = messageIn(room, 'もう一度送りますね', day, random);
  const again = { ...message, instantMs: message.instantMs + 3000 };
  ledger.add({ ...message, body: encode(plainBody(message)), fate: 'exported' });
  ledger.add({ ...again, body: encode(plainBody(again)), fate: 'duplicate' });
}

function messageIn(room: SampleRoom, content: string, day: BusinessDay, random: Random): ChatMessage {
  const instantMs = day.start + random.integer(1, 22) * HOUR + random.integer(0, 50 * MINUTE);
  return { room, messageId: `msg-${random.hex(16)}`, role: 'user', content, instantMs, timeZone: day.zone };
}

function foldersOf(day: BusinessDay): Setting['folders'] {
  const folders = utcFolders(day).map((folder) => Date.parse(`${folder.replaceAll('/', '-')}T00:00:00Z`));
  return { start: Math.min(...folders), end: Math.max(...folders) + UTC_DAY };
}

/** JSON with half of an emoji in it escapes that half, so that every body but the deliberate ones is UTF-8. */
export function encode(body: MessageBody): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}

function cutOff(body: MessageBody): Uint8Array {
  const whole = encode(body);
  return whole.subarray(0, whole.length - 20);
}

/** "こんにちは" as an old client sends it. */
function shiftJis({ body }: Setting): Uint8Array {
  const [before = '', after = ''] = JSON.stringify({ ...body, content: '#' }).split('#');
  const greeting = [0x82, 0xb1, 0x82, 0xf1, 0x82, 0xc9, 0x82, 0xbf, 0x82, 0xcd];
  return Buffer.concat([Buffer.from(before), Buffer.from(greeting), Buffer.from(after)]);
}
