import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { compactTenants } from '../../shared/operations/compact/compact-tenants';
import { eraseUser } from '../../shared/operations/erase/erase-user';
import { messageOfKey } from '../../shared/operations/quarantine/message-of-key';
import { replayCopy } from '../../shared/operations/quarantine/replay-message';
import { verifyRun } from '../../shared/operations/verify/verify-run';
import type { MetadataStore } from '../../shared/ports/metadata-store';
import type { ObjectStore } from '../../shared/ports/object-store';
import { noonOf } from '../support/batch-world';
import { messageBody, messageKeyAt } from '../support/chat';
import type { Engine } from './engines';
import { figuresOf } from './export-outcome';

// A tenant's nights, and what an operator does with them, one thing after the other.

export const TENANT = 'acme';
export const DAYS = ['2025-07-29', '2025-07-30', '2025-07-31'] as const;
export const [FIRST, MISSED, LAST] = DAYS;
const MONTH = '2025-07';
/** 02:00 in Tokyo after each of the days. */
const NIGHTS = DAYS.map((date) => Date.parse(`${date}T17:00:00Z`));
const NOON_AFTER = Date.parse('2025-08-01T03:00:00Z');
const NIGHT_AFTER = Date.parse('2025-08-01T17:00:00Z');

const USERS = ['alice', 'bob', 'ひろし x', 'carol'];
export const ERASED = 'carol';
const BROKEN = ['bob', ERASED].map((user) => messageKeyAt(TENANT, user, 'room 1', noonOf(LAST, 1), `broken ${user}`));

/** Several shards a day. */
export const SETTINGS = { EXPORT_SHARD_MESSAGES: '30', PLAN_AUDIT_SHARE: '0' };

export interface Stage {
  readonly name: string;
  readonly atMs: number;
  /** What the chat product does before. */
  readonly before?: (data: ObjectStore) => Promise<void>;
  /** @returns what is told, which is the same on any cloud */
  readonly work: (platform: BatchPlatform, engine: Engine) => Promise<unknown>;
}

const night = async (platform: BatchPlatform, engine: Engine) =>
  figuresOf(await engine(platform, { job: 'export', tenants: [TENANT] }));

const compactMonth = async (platform: BatchPlatform) =>
  await all(compactTenants(platform, { month: MONTH, tenants: [TENANT], partial: true }));

export const LAST_STAGE = 'a verification without the erased user';
export const STAGES: readonly Stage[] = [
  { name: 'the first night', atMs: NIGHTS[0] ?? 0, before: putMessages, work: night },
  { name: 'the night after one that was missed', atMs: NIGHTS[2] ?? 0, before: putLateMessages, work: night },
  { name: 'corrected copies', atMs: NOON_AFTER, work: replayCopies },
  { name: 'a compacted month', atMs: NOON_AFTER + 60_000, work: compactMonth },
  { name: 'a verification of every row', atMs: NOON_AFTER + 90_000, work: verifyDays },
  {
    name: 'an erased user',
    atMs: NOON_AFTER + 120_000,
    work: (platform) => eraseUser(platform, { tenant: TENANT, user: ERASED, dryRun: false }),
  },
  { name: 'the night after the erasure', atMs: NIGHT_AFTER, work: night },
  { name: 'the month compacted again', atMs: NIGHT_AFTER + 60_000, work: compactMonth },
  { name: LAST_STAGE, atMs: NIGHT_AFTER + 120_000, work: verifyDays },
];

async function putMessages(data: ObjectStore): Promise<void> {
  const messages = DAYS.flatMap((date) =>
    USERS.flatMap((user) =>
      [0, 1].map((room) => [user, `room ${room}`, noonOf(date, room), `${user}-${date}-${room}`]),
    ),
  );
  await Promise.all(messages.map(([user = '', room = '', at = '', id = '']) => putMessage(data, user, room, at, id)));
  for (const key of BROKEN) await put(data, key, '{"message_id": "broken",');
}

/** One of a day that is published, and one of a day that is not. */
async function putLateMessages(data: ObjectStore): Promise<void> {
  for (const date of [FIRST, MISSED]) await putMessage(data, 'alice', 'room 0', noonOf(date, 5), `late-${date}`);
}

async function putMessage(data: ObjectStore, user: string, room: string, at: string, id: string): Promise<void> {
  const text = JSON.stringify(messageBody(id, at, `${user} says ${id}`));
  await put(data, messageKeyAt(TENANT, user, room, at, id), text);
}

async function put(data: ObjectStore, key: string, text: string): Promise<void> {
  await data.write(key, Buffer.from(text), { contentType: 'application/json' });
}

export async function putMetadata(metadata: MetadataStore): Promise<void> {
  await metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${TENANT}`, tenant_id: TENANT, time_zone: 'Asia/Tokyo' });
  for (const user of USERS) {
    await metadata.put({ PK: `TENANT#${TENANT}`, SK: `USER#${user}` });
    const updated_at = '2025-08-01T00:00:00.000Z';
    for (const room of ['room 0', 'room 1'])
      await metadata.put({
        PK: `TENANT#${TENANT}#USER#${user}`,
        SK: `CHAT#${room}`,
        title: room,
        updated_at,
        message_count: 4,
      });
  }
}

async function replayCopies(platform: BatchPlatform): Promise<unknown> {
  const replayed = [];
  for (const key of BROKEN) {
    const message = { tenant: TENANT, timeZone: 'Asia/Tokyo', date: LAST, key: messageOfKey(TENANT, key) };
    const [, , user = ''] = key.split('/');
    const copy = Buffer.from(JSON.stringify(messageBody(`broken ${user}`, noonOf(LAST, 1), `${user} was corrected`)));
    const { report, ...counts } = await replayCopy(platform, message, copy);
    replayed.push({ ...counts, report: figuresOf(report) });
  }
  return replayed;
}

async function verifyDays(platform: BatchPlatform): Promise<unknown> {
  const verdicts = [];
  for (const date of DAYS)
    verdicts.push(...(await all(verifyRun(platform, { job: 'export', date, force: false, tenants: [TENANT] }, true))));
  return verdicts;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
