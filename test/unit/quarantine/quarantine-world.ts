import type { BatchPlatform } from '../../../shared/batch/batch-platform';
import type { Manifest } from '../../../shared/messages/manifest';
import { type MessageKey, parseMessageKey } from '../../../shared/messages/message-key';
import { readPublishedDay } from '../../../shared/messages/published-day';
import { type ReplayedMessage, replayCopy, undoCopy } from '../../../shared/operations/quarantine/replay-message';
import { BatchWorld, noonOf, TENANT } from '../../support/batch-world';
import { messageBody } from '../../support/chat';
import { type Row, storedRows } from '../../support/published-rows';

export const DATE = '2025-08-11';
export const ZONE = 'Asia/Tokyo';
export const CONTENT = 'what was meant to be said';

/** A tenant's published day with good messages, and some that are none. */
export class QuarantineWorld extends BatchWorld {
  /** Keys of messages in quarantine. */
  broken = '';
  mistyped = '';

  static async published(): Promise<QuarantineWorld> {
    const world = await QuarantineWorld.filled();
    await world.run({ date: DATE, tenants: [TENANT] });
    world.nextNight();
    world.calls.length = 0;
    return world;
  }

  /** The same, not published yet. */
  static async filled(): Promise<QuarantineWorld> {
    const world = new QuarantineWorld({ EXPORT_SHARD_MESSAGES: '1' });
    world.nextNight();
    await world.addTenant();
    for (const user of ['alice', 'bob']) {
      await world.say(noonOf(DATE), `${user}1`, { user });
      await world.say(noonOf(DATE, 1), `${user}2`, { user });
    }
    world.broken = await world.say(noonOf(DATE), 'broken', { user: 'bob', body: '{"message_id": "broken", ' });
    world.mistyped = await world.say(noonOf(DATE), 'mistyped', {
      user: 'alice',
      body: { ...messageBody('mistyped', noonOf(DATE)), attachments: 'none' },
    });
    return world;
  }

  copyOf(key: string, differing: object = {}): Uint8Array {
    const id = key === this.broken ? 'broken' : 'mistyped';
    return Buffer.from(JSON.stringify({ ...messageBody(id, noonOf(DATE), CONTENT), ...differing }));
  }

  replay(key: string, copy: Uint8Array = this.copyOf(key), platform = this.platform()): Promise<ReplayedMessage> {
    return replayCopy(platform, ofDay(key), copy);
  }

  undo(key: string): Promise<ReplayedMessage> {
    return undoCopy(this.platform(), ofDay(key));
  }

  async manifest(date = DATE): Promise<Manifest> {
    const published = await readPublishedDay(this.analytics, TENANT, date);
    if (published === undefined) throw new Error(`The day ${date} is not published.`);
    return published.manifest;
  }

  async rows(): Promise<Row[]> {
    return storedRows(this.analytics, (await this.manifest()).datasets.messages);
  }

  async edit(key: string, body: string | object): Promise<void> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    await this.data.write(key, Buffer.from(text), { contentType: 'application/json' });
  }
}

export function ofDay(key: string, date = DATE) {
  return { tenant: TENANT, timeZone: ZONE, date, key: keyOf(key) };
}

export function keyOf(key: string): MessageKey {
  const parsed = parseMessageKey(TENANT, key);
  if (parsed === undefined) throw new Error(`${key} is no key of ${TENANT}.`);
  return parsed;
}

/**
 * The same platform, where every object has one etag for good: a changed body stands for a contract that reads the same one differently.
 */
export function withConstantEtags(platform: BatchPlatform): BatchPlatform {
  return {
    ...platform,
    dataStore: (tenant) => {
      const store = platform.dataStore(tenant);
      return {
        ...store,
        list: async (...args) => {
          const page = await store.list(...args);
          return { ...page, entries: page.entries.map((entry) => ({ ...entry, etag: 'constant' })) };
        },
        head: async (key) => {
          const entry = await store.head(key);
          return entry && { ...entry, etag: 'constant' };
        },
        read: async (key, { ifMatch: _ifMatch, ...options } = {}) => ({
          ...(await store.read(key, options)),
          etag: 'constant',
        }),
      };
    },
  };
}
