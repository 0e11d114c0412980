import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MessageKey, messagesPrefix, readMessageKey } from '../../shared/messages/message-key';
import { type CorpusShape, corpusMessages, messageBytes } from '../blob-server/corpus';
import { LineFile } from './line-file';

export const TENANT = 'bench';
export const DATE = '2025-08-11';
export const ZONE = 'Asia/Tokyo';

/** A message as a reader has it: its key taken apart, and its bytes. */
export interface StoredMessage {
  readonly key: MessageKey;
  readonly body: Buffer;
}

/** What {@link writeMessages} wrote. */
export interface WrittenMessages {
  readonly count: number;
  /** Of the bodies alone. */
  readonly bytes: number;
}

/** One JSON body a line. */
export function bodiesFile(folder: string): string {
  return join(folder, 'bodies.ndjson');
}

/** One key a line, in the order of the bodies. */
export function keysFile(folder: string): string {
  return join(folder, 'keys.txt');
}

/** The same bodies, each with its key as a field of it, for a program that reads but one file. */
export function keyedFile(folder: string): string {
  return join(folder, 'keyed.ndjson');
}

/** Writes a corpus's messages into a folder. */
export async function writeMessages(folder: string, shape: CorpusShape): Promise<WrittenMessages> {
  const bodies = await LineFile.create(bodiesFile(folder));
  const keys = await LineFile.create(keysFile(folder));
  const keyed = await LineFile.create(keyedFile(folder));
  let count = 0;
  let bytes = 0;
  for (const message of corpusMessages(shape)) {
    const { key, user, room } = message;
    const body = messageBytes(message).toString();
    const ofKey = JSON.stringify({ storage_key: key, key_user: user, key_room: room });
    await bodies.add(body);
    await keys.add(key);
    await keyed.add(`${ofKey.slice(0, -1)},${body.slice(1)}`);
    count += 1;
    bytes += message.bytes;
  }
  await Promise.all([bodies, keys, keyed].map((file) => file.close()));
  return { count, bytes };
}

/** Reads them back into memory, as a reader of the store would have them. */
export async function readMessages(folder: string): Promise<StoredMessage[]> {
  const bodies = linesOf(await readFile(bodiesFile(folder)));
  const keys = linesOf(await readFile(keysFile(folder)));
  return bodies.map((body, index) => ({ key: messageKey(String(keys[index])), body }));
}

/** `{tenant}/chat/{user}/{room}/messages/yyyy/mm/dd/{name}` */
function messageKey(key: string): MessageKey {
  const [tenant = '', , user = '', room = '', , year, month, day] = key.split('/');
  const prefix = `${messagesPrefix(tenant, { user, room })}${year}/${month}/${day}/`;
  return readMessageKey(key, { user, room }, prefix, Date.parse(`${year}-${month}-${day}T00:00:00Z`));
}

function linesOf(file: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < file.length; ) {
    const end = file.indexOf('\n', start);
    lines.push(file.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
