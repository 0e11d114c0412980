import { StorageError } from '../errors';
import { digitAt, twoDigitsAt } from './digits';

const MS_PER_SECOND = 1000;
const MS_PER_MINUTE = 60 * MS_PER_SECOND;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const NOON_MS = 12 * MS_PER_HOUR;

/** A room of a tenant, as keys and metadata name it. */
export interface RoomId {
  readonly user: string;
  readonly room: string;
}

/** What a message's key says by itself. */
export interface MessageKey extends RoomId {
  readonly key: string;
  /** The message's time by its key, in epoch ms; undefined where the name holds no readable time. */
  readonly timeMs: number | undefined;
  /** Midnight UTC of the date folder, in epoch ms. */
  readonly folderMs: number;
}

/** `{tenant}/chat/`: below it lie a tenant's users. */
export function usersPrefix(tenant: string): string {
  return `${tenant}/chat/`;
}

/** `{tenant}/chat/{user}/`: below it lie a user's rooms. */
export function roomsPrefix(tenant: string, user: string): string {
  return `${usersPrefix(tenant)}${user}/`;
}

/** `{tenant}/chat/{user}/{room}/messages/`: below it lie the date folders `yyyy/mm/dd/`. */
export function messagesPrefix(tenant: string, { user, room }: RoomId): string {
  return `${roomsPrefix(tenant, user)}${room}/messages/`;
}

/** A room's place in the key order: rooms sorted by it follow one another as their messages' keys do. */
export function roomOrder({ user, room }: RoomId): string {
  return `${user}/${room}/`;
}

/** The last part of a prefix that ends in `/`: `t/chat/alice/` gives `alice`. */
export function lastPart(prefix: string): string {
  return prefix.slice(prefix.lastIndexOf('/', prefix.length - 2) + 1, -1);
}

/** Midnight UTC, in epoch ms, of a date folder `yyyy/mm/dd`. */
export function folderMidnight(folder: string): number {
  return Date.parse(`${folder.replaceAll('/', '-')}T00:00:00Z`);
}

/**
 * A message's name in its date folder: `hh-mm-ss.sssZ-{message_id}.json`. Writers leave the fraction out when it is
 * zero, or write more digits than three; what is below a millisecond is cut off.
 */
const NAME = /^([01]\d|2[0-3])-([0-5]\d)-([0-5]\d)(?:\.(\d{1,9}))?Z-.+\.json$/su;

/** Reads the time of day, in ms, from a message's name; undefined where there is none to be read. */
export function timeOfName(name: string): number | undefined {
  return timeOfPlainName(name) ?? timeOfAnyName(name);
}

/** The same for any name. */
export function timeOfAnyName(name: string): number | undefined {
  const match = NAME.exec(name);
  if (match === null) return undefined;
  const [, hours, minutes, seconds, fraction = ''] = match;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return Number(hours) * MS_PER_HOUR + Number(minutes) * MS_PER_MINUTE + Number(seconds) * MS_PER_SECOND + ms;
}

/** What nearly all names begin with, and the shortest of them. */
const PLAIN_START = 'hh-mm-ss.sssZ-'.length;
const PLAIN_LENGTH = 'hh-mm-ss.sssZ-m.json'.length;

/** For names with three digits of a fraction, at a fraction of the cost; undefined where it is any other name. */
function timeOfPlainName(name: string): number | undefined {
  if (name.length < PLAIN_LENGTH || name[2] !== '-' || name[5] !== '-' || name[8] !== '.') return undefined;
  if (name[12] !== 'Z' || name[PLAIN_START - 1] !== '-' || !name.endsWith('.json')) return undefined;
  const [hours, minutes, seconds] = [twoDigitsAt(name, 0), twoDigitsAt(name, 3), twoDigitsAt(name, 6)];
  const ms = twoDigitsAt(name, 9) * 10 + digitAt(name, 11);
  if (!(hours <= 23 && minutes <= 59 && seconds <= 59 && ms <= 999)) return undefined;
  return hours * MS_PER_HOUR + minutes * MS_PER_MINUTE + seconds * MS_PER_SECOND + ms;
}

/**
 * Reads a listed key of a room's date folder.
 *
 * @param prefix the prefix that was listed: `messagesPrefix` + `yyyy/mm/dd/`
 * @throws StorageError `storage_request_invalid` where the store returned a key outside of that prefix
 */
export function readMessageKey(key: string, room: RoomId, prefix: string, folderMs: number): MessageKey {
  if (!key.startsWith(prefix)) {
    throw new StorageError(`A listing of ${prefix} returned the key ${key}, which does not lie below it.`, {
      code: 'storage_request_invalid',
      kind: 'permanent',
    });
  }
  const timeOfDay = timeOfName(key.slice(prefix.length));
  return {
    user: room.user,
    room: room.room,
    key,
    folderMs,
    timeMs: timeOfDay === undefined ? undefined : folderMs + timeOfDay,
  };
}

/** A key below {@link usersPrefix}: user, room, date folder and name. */
const BELOW_USERS = /^([^/]+)\/([^/]+)\/messages\/(\d{4}\/\d\d\/\d\d)\/.+$/su;

/** Reads a message's key as it was typed; undefined where no run would find a message of the tenant under it. */
export function parseMessageKey(tenant: string, key: string): MessageKey | undefined {
  if (!key.startsWith(usersPrefix(tenant))) return undefined;
  const match = BELOW_USERS.exec(key.slice(usersPrefix(tenant).length));
  const [, user = '', room = '', folder = ''] = match ?? [];
  const folderMs = folderMidnight(folder);
  const isDate = !Number.isNaN(folderMs) && new Date(folderMs).toISOString().startsWith(folder.replaceAll('/', '-'));
  if (match === null || !isDate) return undefined;
  return readMessageKey(key, { user, room }, `${messagesPrefix(tenant, { user, room })}${folder}/`, folderMs);
}

/** Where a message stands that has no readable time of its own, neither in its key nor in its body. */
export function noonOfFolder(folderMs: number): number {
  return folderMs + NOON_MS;
}
