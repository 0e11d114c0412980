import { createHash } from 'node:crypto';
import { BatchError, InputChangedError, StorageError } from '../errors';
import { orderedMap } from '../ordered-map';
import type { ObjectStore, ReadWatch } from '../ports/object-store';
import type { ExportContext } from './export-context';
import { compareKeys } from './key-order';
import type { Manifest } from './manifest';
import { parseMessageKey, type RoomId, roomOrder } from './message-key';
import { repairKey, repairsFolder } from './output-paths';
import { allObjects } from './pages';
import type { PublishedDay } from './published-day';
import type { Candidate } from './room-day';

/** Corrected copies that are read side by side. */
const READS_AT_ONCE = 16;

/**
 * A corrected copy of a quarantined message as it is stored beside the day. It stands in place of the original, which nobody changes, for
 * as long as the original is the version that was corrected.
 */
export interface StoredRepair {
  readonly version: 1;
  readonly key: string;
  /** The original's, when it was corrected. */
  readonly etag: string;
  /** The corrected body, and the SHA-256 of its bytes in hex. */
  readonly sha256: string;
  readonly body: string;
}

/** A corrected copy as a shard's plan names it. */
export interface PlannedRepair {
  readonly key: string;
  readonly etag: string;
  readonly sha256: string;
  /** The body's size. */
  readonly bytes: number;
  /** Where the {@link StoredRepair} lies. */
  readonly at: string;
}

/** Where the corrected copy of a day's message lies. */
export function placeOfRepair(tenant: string, date: string, messageKey: string): string {
  return repairKey(tenant, date, sha256(Buffer.from(messageKey)));
}

/** @param body UTF-8, as every valid message is */
export function storedRepair(key: string, etag: string, body: Uint8Array): StoredRepair {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  return { version: 1, key, etag, sha256: sha256(body), body: text };
}

/**
 * The corrected copies of a day, in key order. Only a day that had something in quarantine can have any, and it goes on being looked at
 * as long as it has some: for all other days no request is made.
 *
 * @throws BatchError `repair_unreadable`
 */
export async function repairsOfDay(
  { analytics, tenant, day }: Pick<ExportContext, 'analytics' | 'tenant' | 'day'>,
  published: PublishedDay | undefined,
): Promise<PlannedRepair[]> {
  if (published === undefined || !mayHaveRepairs(published.manifest)) return [];
  const objects = allObjects(analytics, repairsFolder(tenant, day.date));
  const repairs: PlannedRepair[] = [];
  for await (const repair of orderedMap(objects, READS_AT_ONCE, ({ key }) => readRepair(analytics, tenant, key))) {
    if (repair !== undefined) repairs.push(repair.planned);
  }
  return repairs.sort((a, b) => compareKeys(a.key, b.key));
}

function mayHaveRepairs({ proof, notices }: Manifest): boolean {
  return proof.quarantined + (notices.repaired ?? 0) + (notices.staleRepairs ?? 0) > 0;
}

export interface ReadRepair {
  readonly planned: PlannedRepair;
  /** The corrected body. */
  readonly body: Uint8Array;
  /** The etag of the {@link StoredRepair}'s object. */
  readonly version: string;
}

/**
 * @param at as {@link placeOfRepair} gives it
 * @returns undefined where there is none
 * @throws BatchError `repair_unreadable` where the object is not what `quarantine replay` writes
 */
export async function readRepair(
  analytics: ObjectStore,
  tenant: string,
  at: string,
  watch?: ReadWatch,
): Promise<ReadRepair | undefined> {
  try {
    const { body: stored, etag: version } = await analytics.read(at, watch === undefined ? {} : { watch });
    const { key, etag, sha256: digest, body: text } = asRepair(stored, at);
    const body = Buffer.from(text);
    if (sha256(body) !== digest || parseMessageKey(tenant, key) === undefined) throw unreadable(at);
    return { planned: { key, etag, sha256: digest, bytes: body.length, at }, body, version };
  } catch (error) {
    if (error instanceof StorageError && error.code === 'object_not_found') return undefined;
    throw error;
  }
}

function asRepair(stored: Uint8Array, at: string): StoredRepair {
  let repair: Partial<Record<keyof StoredRepair, unknown>> | null;
  try {
    repair = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(stored));
  } catch (error) {
    throw unreadable(at, error);
  }
  const texts = [repair?.key, repair?.etag, repair?.sha256, repair?.body];
  if (repair?.version !== 1 || !texts.every((text) => typeof text === 'string')) throw unreadable(at);
  return repair as StoredRepair;
}

function unreadable(at: string, cause?: unknown): BatchError {
  return new BatchError(
    `${at} is no corrected copy as "quarantine replay" writes it. Remove it, and replay the message again.`,
    { code: 'repair_unreadable', kind: 'configuration', cause },
  );
}

/** The rooms of corrected copies, each once: a plan must look into them, whatever else it knows. */
export function roomsOfRepairs(tenant: string, repairs: readonly PlannedRepair[]): RoomId[] {
  const keys = repairs.flatMap(({ key }) => parseMessageKey(tenant, key) ?? []);
  return [...new Map(keys.map(({ user, room }) => [roomOrder({ user, room }), { user, room }])).values()];
}

/** What of a day's corrected copies a shard with these rooms has; what a plan says where there are none is nothing. */
export function repairsOfRooms(
  tenant: string,
  repairs: readonly PlannedRepair[],
  rooms: readonly RoomId[],
): { readonly repairs?: readonly PlannedRepair[] } {
  if (repairs.length === 0) return {};
  const own = new Set(rooms.map(roomOrder));
  const found = repairs.filter(({ key }) => {
    const of = parseMessageKey(tenant, key);
    return of !== undefined && own.has(roomOrder(of));
  });
  return found.length === 0 ? {} : { repairs: found };
}

/** A shard's corrected copies, while its messages are read. */
export class ShardRepairs {
  readonly #byKey: ReadonlyMap<string, PlannedRepair>;

  constructor(repairs: readonly PlannedRepair[] = []) {
    this.#byKey = new Map(repairs.map((repair) => [repair.key, repair]));
  }

  /** How many there are, those of them that no longer apply among them. */
  get count(): number {
    return this.#byKey.size;
  }

  /** What stands in place of an object; undefined where nothing does, or the object is another version than the one that was corrected. */
  of({ key, etag }: Pick<Candidate, 'key' | 'etag'>): PlannedRepair | undefined {
    const repair = this.#byKey.get(key.key);
    return repair?.etag === etag ? repair : undefined;
  }
}

/** The corrected body that a plan names. @throws InputChangedError where another stands there by now, or none */
export async function readPlannedRepair(
  { analytics, tenant }: Pick<ExportContext, 'analytics' | 'tenant'>,
  { at, sha256: digest }: PlannedRepair,
  watch?: ReadWatch,
): Promise<Uint8Array> {
  const repair = await readRepair(analytics, tenant, at, watch);
  if (repair?.planned.sha256 === digest) return repair.body;
  throw new InputChangedError(at, undefined);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
