import fc from 'fast-check';
import { epochDay } from '../../shared/calendar';
import { AuditShare } from '../../shared/messages/audit-share';
import type { MetadataStore } from '../../shared/ports/metadata-store';
import type { ObjectStore } from '../../shared/ports/object-store';
import { messageBody, messageKeyAt } from '../support/chat';
import { type CorpusObject, corpusArbitrary } from '../support/corpus';

// What writers in the field have left of one product with several tenants: the same on every cloud.

export const DAY_BEFORE = '2025-08-10';
export const DAY = '2025-08-11';
/** The night after the day, when both days are over in every zone. */
export const NIGHT = Date.parse('2025-08-12T17:00:00Z');

/** Tenants whose runs are completed. */
export const GOOD_TENANTS = ['acme', 'globex', 'idle'] as const;

const AUDIT_SHARE = 0.5;

/** Several shards of a tenant; the audit of a night looks at half of the users, on that day and the one before. */
export const EXPORT_SETTINGS = { EXPORT_SHARD_MESSAGES: '30', PLAN_AUDIT_SHARE: String(AUDIT_SHARE) };

/** A user whose turn it is in the night of the day. */
const AUDITED = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace'].find((user) =>
  new AuditShare(AUDIT_SHARE, epochDay(DAY)).includes(user),
);

/** Corpora of a kind, with the most objects of several; the seed makes them the same in every run. */
function corpusOf(
  tenant: string,
  seed: number,
  largest: number,
): { readonly zone: string; readonly objects: readonly CorpusObject[] } {
  const ofTheDay = corpusArbitrary(tenant, largest).filter(({ day }) => day.date === DAY);
  const [corpus] = fc.sample(ofTheDay, { numRuns: 12, seed }).sort((a, b) => b.objects.length - a.objects.length);
  if (corpus === undefined) throw new Error('The generator has made no corpus.');
  return { zone: corpus.day.zone, objects: corpus.objects };
}

const CORPORA = { acme: corpusOf('acme', 1, 40), globex: corpusOf('globex', 2, 12) } as const;
type Filled = keyof typeof CORPORA;
export const FILLED = Object.keys(CORPORA) as readonly Filled[];

/** A message of a moment on which it is the day in every zone of the corpora; `day` counts from the day. */
function plain(tenant: string, user: string, room: string, id: string, minute: number, day = 0): CorpusObject {
  const at = new Date(Date.parse(`${DAY}T12:00:00.000Z`) + day * 86_400_000 + minute * 60_000).toISOString();
  return { key: messageKeyAt(tenant, user, room, at, id), body: Buffer.from(JSON.stringify(messageBody(id, at))) };
}

/** A message that was sent twice, one that no one can read, and ordinary ones of several users' rooms. */
function certain(tenant: string): CorpusObject[] {
  const broken = messageKeyAt(tenant, 'alice', 'r', `${DAY}T12:00:00.000Z`, 'broken');
  return [
    plain(tenant, 'alice', 'r', 'sent twice', 1),
    plain(tenant, 'alice', 'r', 'sent twice', 2),
    { key: broken, body: Buffer.from('{"message_id": "broken",') },
    ...[-1, 0].flatMap((day) =>
      [AUDITED ?? '', 'ひろし x'].flatMap((user) =>
        Array.from({ length: 3 }, (_, i) => plain(tenant, user, `room ${i}`, `${user}-${i}`, 10 + i, day)),
      ),
    ),
  ];
}

export async function putObjects(data: (tenant: string) => ObjectStore, tenants = FILLED): Promise<void> {
  for (const tenant of tenants) await putAll(data(tenant), [...CORPORA[tenant].objects, ...certain(tenant)]);
}

/** After the first day is exported: a room of which the metadata never tells gets messages of that day and of the next one. */
export async function putLateObjects(data: (tenant: string) => ObjectStore): Promise<void> {
  for (const tenant of FILLED) {
    const late = [-1, -1, 0].map((day, i) => plain(tenant, AUDITED ?? '', 'late room', `late-${i}`, 20 + i, day));
    await putAll(data(tenant), late);
  }
}

async function putAll(store: ObjectStore, objects: readonly CorpusObject[]): Promise<void> {
  await Promise.all(objects.map(({ key, body }) => store.write(key, body, { contentType: 'application/json' })));
}

/** Tenants, users and rooms: those of the objects, but for one room that is called untouched, and those that cannot be. */
export async function putMetadata(metadata: MetadataStore): Promise<void> {
  const tenants = [
    ...FILLED.map((tenant) => ({ tenant_id: tenant, time_zone: CORPORA[tenant].zone })),
    { tenant_id: 'idle' },
    { tenant_id: 'misnamed' },
    { tenant_id: 'lost', time_zone: 'Mars/Olympus_Mons' },
  ];
  for (const entry of tenants) {
    await metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${entry.tenant_id}`, ...entry });
  }
  for (const tenant of FILLED) await putRooms(metadata, tenant, [...CORPORA[tenant].objects, ...certain(tenant)]);
  // An id that would make the batch read somewhere else.
  await putRoom(metadata, 'misnamed', 'alice', 'a/b', `${DAY}T12:00:00Z`);
}

async function putRooms(metadata: MetadataStore, tenant: string, objects: readonly CorpusObject[]): Promise<void> {
  const rooms = new Map<string, readonly [string, string]>();
  for (const { key } of objects) {
    const [, , user = '', room = ''] = key.split('/');
    rooms.set(`${user}/${room}`, [user, room]);
  }
  for (const [user, room] of rooms.values()) {
    const untouched = user === AUDITED && room === 'room 2';
    await putRoom(metadata, tenant, user, room, untouched ? '2025-01-01T00:00:00Z' : `${DAY}T23:00:00Z`);
  }
}

async function putRoom(
  metadata: MetadataStore,
  tenant: string,
  user: string,
  room: string,
  updatedAt: string,
): Promise<void> {
  await metadata.put({ PK: `TENANT#${tenant}`, SK: `USER#${user}` });
  const keys = { PK: `TENANT#${tenant}#USER#${user}`, SK: `CHAT#${room}` };
  await metadata.put({ ...keys, updated_at: updatedAt, title: `${room} — 題 "${user}" 😀` });
}
