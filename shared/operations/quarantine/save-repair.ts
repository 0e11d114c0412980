import { isDeepStrictEqual } from 'node:util';
import { InputError } from '../../errors';
import { collect } from '../../messages/collect';
import { judgeMessage, judgeUnread, MAX_MESSAGE_BYTES, type Message } from '../../messages/contract';
import { erasedUsers } from '../../messages/erased-users';
import type { ExportContext } from '../../messages/export-context';
import type { MessageKey } from '../../messages/message-key';
import { type PublishedDay, readPublishedDay } from '../../messages/published-day';
import {
  type PlannedRepair,
  placeOfRepair,
  type ReadRepair,
  readRepair,
  repairsOfDay,
  ShardRepairs,
  storedRepair,
} from '../../messages/repairs';
import { isInDay } from '../../messages/room-day';
import { RoomLister } from '../../messages/room-lister';
import { type MessagePlace, placeOf } from './message-place';
import { quarantineLine } from './quarantine-lines';

/**
 * Saves a corrected copy of a quarantined message beside its day. The original stays as it is; running the day again takes the copy in.
 * Where a copy that says the same is there, it stays: the published day may have been made with it.
 *
 * Whoever calls this holds the day's lease.
 *
 * @param copy the corrected body
 * @throws InputError where the message or the copy cannot be taken: nothing was written then
 * @throws StorageError, MetadataError, BatchError `repair_unreadable`, InputChangedError where the room changes while it is read
 */
export async function saveRepair(context: ExportContext, key: MessageKey, copy: Uint8Array): Promise<void> {
  const { analytics, tenant, day } = context;
  const published = await publishedDay(context);
  const at = placeOfRepair(tenant, day.date, key.key);
  const there = await readRepair(analytics, tenant, at);
  const etag = await correctedVersion(context, key, published, there);
  const message = validMessage(context, key, copy);
  await assertUnlikeOthers(context, published, key, message);
  if (there?.planned.etag === etag && saysTheSame(key, there.body, message)) return;
  await analytics.write(at, Buffer.from(JSON.stringify(storedRepair(key.key, etag, copy))), {
    contentType: 'application/json',
    onlyIf: there === undefined ? 'absent' : { etag: there.version },
  });
}

/** @throws InputError where the day was never published */
export async function publishedDay({ analytics, tenant, day }: ExportContext): Promise<PublishedDay> {
  const published = await readPublishedDay(analytics, tenant, day.date);
  if (published !== undefined) return published;
  throw new InputError({
    date: `${day.date} was never published for ${tenant}: run it first, with "makoto-batch run export --date ${day.date} --tenant ${tenant}"`,
  });
}

/** The etag of the original that is being corrected: of the version that the day has in quarantine, or that a copy stands for already. */
async function correctedVersion(
  { data, analytics, metadata, tenant, day }: ExportContext,
  { key, user }: MessageKey,
  { manifest }: PublishedDay,
  there: ReadRepair | undefined,
): Promise<string> {
  const known = [(await quarantineLine(analytics, manifest, key))?.etag, there?.planned.etag].filter(
    (etag) => etag !== undefined,
  );
  if (known.length === 0) throw new InputError({ key: `is not in the quarantine of ${tenant} on ${day.date}` });
  if ((await erasedUsers(metadata, tenant)).has(user)) throw new InputError({ key: 'is of a user who was erased' });
  const etag = (await data.head(key))?.etag;
  if (etag === undefined) throw new InputError({ key: 'is gone from storage: run the day again, which leaves it out' });
  if (known.includes(etag)) return etag;
  throw new InputError({ key: 'has changed since the day was published: run the day again, then look at it anew' });
}

/** What a copy says. @throws InputError where it is no valid message of the day under the original's key */
function validMessage({ day }: ExportContext, key: MessageKey, copy: Uint8Array): Message {
  const isTooLarge = copy.length > MAX_MESSAGE_BYTES;
  const verdict = isTooLarge ? judgeUnread(key, copy.length) : judgeMessage(key, copy);
  if (verdict.kind === 'quarantined') {
    const place = isTooLarge ? undefined : placeOf(verdict, copy);
    const where = place === undefined ? '' : placeWords(place);
    throw new InputError({ file: `is no valid message: ${verdict.reason}, ${verdict.detail}${where}` });
  }
  if (isInDay(verdict.placedMs, day)) return verdict.message;
  throw new InputError({
    file: `has a timestamp that moves the message out of ${day.date}: a corrected copy stays in the day of its original`,
  });
}

function saysTheSame(key: MessageKey, body: Uint8Array, message: Message): boolean {
  const verdict = judgeMessage(key, body);
  return verdict.kind === 'valid' && isDeepStrictEqual(verdict.message, message);
}

/** `, line 3, column 7: expected a comma or }`: says nothing of what the message holds. */
export function placeWords({ line, column, expected, byte }: MessagePlace): string {
  if (byte !== undefined) return `, from byte ${byte} on`;
  if (line === undefined) return '';
  return `, line ${line}, column ${column}${expected === undefined ? '' : `: expected ${expected}`}`;
}

/** A copy with the id of another message of the room would be a duplicate of it, or make it one. */
async function assertUnlikeOthers(
  context: ExportContext,
  published: PublishedDay,
  { key, user, room }: MessageKey,
  { writtenId }: Message,
): Promise<void> {
  const others = (await repairsOfDay(context, published)).filter((repair: PlannedRepair) => repair.key !== key);
  const rooms = new RoomLister(context).all([{ user, room, title: null, source: 'storage' }]);
  for await (const { candidate, verdict } of collect(context, rooms, new ShardRepairs(others))) {
    if (candidate.key.key === key || verdict.kind === 'quarantined' || !isInDay(verdict.placedMs, context.day))
      continue;
    if (verdict.message.writtenId !== writtenId) continue;
    throw new InputError({
      file: `has the message_id of another message of the room, ${candidate.key.key}: it would be a duplicate`,
    });
  }
}
