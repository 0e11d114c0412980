import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { businessDay } from '../../shared/calendar';
import { MemoryMetadataStore } from '../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../shared/local/memory-object-store';
import type { ExportContext, ExportOptions } from '../../shared/messages/export-context';
import type { Manifest } from '../../shared/messages/manifest';
import { allObjects } from '../../shared/messages/pages';
import { type PlannedDay, planDay } from '../../shared/messages/plan';
import { publishDay } from '../../shared/messages/publish';
import { exportShard } from '../../shared/messages/shard';
import type { MetadataStore } from '../../shared/ports/metadata-store';
import type { ObjectStore } from '../../shared/ports/object-store';
import { silentLog } from './silent-log';
import { standingClock } from './standing-clock';

export const TENANT = 'acme';

export interface WorldOptions extends Partial<ExportOptions> {
  readonly zone?: string;
  readonly tenant?: string;
  readonly pageSize?: number;
}

/** One tenant's stores in memory, and the stages of the export over them. */
export class ExportWorld {
  readonly data: MemoryObjectStore;
  readonly analytics: MemoryObjectStore;
  readonly metadata = new MemoryMetadataStore();
  readonly tenant: string;
  nowMs = Date.parse('2025-08-12T17:00:00Z');

  constructor(private readonly options: WorldOptions = {}) {
    const { pageSize = 7 } = options;
    this.data = new MemoryObjectStore({ name: 'data', pageSize });
    this.analytics = new MemoryObjectStore({ name: 'analytics', pageSize });
    this.tenant = options.tenant ?? TENANT;
  }

  context(
    date: string,
    stores: { data?: ObjectStore; analytics?: ObjectStore; metadata?: MetadataStore } = {},
  ): ExportContext {
    const { zone = 'Asia/Tokyo', tenant: _tenant, pageSize: _pageSize, ...options } = this.options;
    return {
      tenant: this.tenant,
      day: businessDay(date, zone),
      data: this.data,
      analytics: this.analytics,
      metadata: this.metadata,
      options: {
        encoder: 'arrow',
        compression: 'ZSTD',
        readConcurrency: 4,
        shardMessages: 50_000,
        auditShare: 0,
        temporaryFolder: tmpdir(),
        ...options,
      },
      clock: standingClock(() => this.nowMs),
      log: silentLog,
      ...stores,
    };
  }

  async putMessage(key: string, body: string | Uint8Array | object): Promise<void> {
    const bytes =
      body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    await this.data.write(key, bytes, { contentType: 'application/json' });
  }

  async putUser(user: string): Promise<void> {
    await this.metadata.put({ PK: `TENANT#${this.tenant}`, SK: `USER#${user}` });
  }

  async putRoom(user: string, room: string, updatedAt: string, title = `${room} title`): Promise<void> {
    await this.putUser(user);
    await this.metadata.put({
      PK: `TENANT#${this.tenant}#USER#${user}`,
      SK: `CHAT#${room}`,
      updated_at: updatedAt,
      title,
      message_count: 1,
      status: 'active',
    });
  }
}

/** Plans, exports and publishes a day, one shard after the other. */
export async function runDay(
  context: ExportContext,
  force = false,
): Promise<{ readonly manifest: Manifest; readonly planned: PlannedDay }> {
  const planned = await planDay(context);
  const results = [];
  for (const shard of planned.shards) results.push(await exportShard(context, planned.plan, shard, force));
  const { manifest } = await publishDay(context, { plan: planned.plan, results, settles: planned.settles });
  return { manifest, planned };
}

/** Every object of a store by key, with a digest of its content. */
export async function snapshot(store: ObjectStore, prefix = ''): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { key } of allObjects(store, prefix)) {
    const { body } = await store.read(key);
    found.set(key, createHash('sha256').update(body).digest('hex'));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
