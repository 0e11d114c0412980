import { tmpdir } from 'node:os';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { runInline } from '../../shared/batch/inline-engine';
import type { JobReport, TenantReport } from '../../shared/batch/report';
import type { BatchRequest } from '../../shared/batch/request';
import { scheduledRequest } from '../../shared/batch/scheduled-request';
import { addDays } from '../../shared/calendar';
import { MemoryMetadataStore } from '../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../shared/local/memory-object-store';
import type { MetadataItem, MetadataStore } from '../../shared/ports/metadata-store';
import { loadSettings } from '../../shared/settings';
import { messageBody, messageKeyAt } from './chat';
import { silentLog } from './silent-log';
import { standingClock } from './standing-clock';
import { type StoreCall, watched } from './store-spies';
import { withoutYoutube } from './without-youtube';

export const TENANT = 'acme';

/** A call of a store of objects or of metadata. */
export interface WorldCall {
  readonly method: StoreCall['method'] | 'get' | 'query' | 'put';
  readonly key: string;
}

/** Tenants of the batch over stores in memory, and nights that come one after the other at 02:00 in Tokyo. */
export class BatchWorld {
  readonly data = new MemoryObjectStore({ name: 'data' });
  readonly analytics = new MemoryObjectStore({ name: 'analytics' });
  readonly metadata = new MemoryMetadataStore();
  /** Every call since it was emptied. */
  readonly calls: WorldCall[] = [];
  /** Is told every call before it is made, or after it had its effect; what it throws becomes the call's failure. */
  before: (call: WorldCall) => void = () => undefined;
  after: (call: WorldCall) => void = () => undefined;
  /** What every call of a store of objects waits for before it is made. */
  hold: (call: WorldCall) => Promise<void> = async () => undefined;
  #platforms = 0;
  nowMs = Date.parse('2025-08-11T17:00:00Z');

  /** @param env settings beside those that any world has */
  constructor(public env: Readonly<Record<string, string>> = {}) {}

  platform(): BatchPlatform {
    this.#platforms += 1;
    const share = (this.#platforms % 89) / 89;
    const before = (call: WorldCall) => {
      this.calls.push(call);
      this.before(call);
    };
    const objects = (store: MemoryObjectStore) => {
      const held = async (call: StoreCall) => {
        before(call);
        await this.hold(call);
      };
      return watched(store, held, (call) => this.after(call));
    };
    return {
      settings: loadSettings({
        TENANT_ID: '*',
        PLAN_AUDIT_SHARE: '0',
        AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
        COSMOS_ENDPOINT: 'http://127.0.0.1:1/',
        COSMOS_KEY: 'bm90IGEgcmVhbCBrZXk=',
        ...this.env,
      }),
      log: silentLog,
      clock: standingClock(() => this.nowMs),
      metadata: watchedMetadata(this.metadata, before, (call) => this.after(call)),
      dataStore: () => objects(this.data),
      analyticsStore: () => objects(this.analytics),
      ...withoutYoutube,
      random: () => share,
      temporaryFolder: tmpdir(),
    };
  }

  /** The business date of the night's export. */
  get date(): string {
    return scheduledRequest('export', this.platform()).date;
  }

  /** Goes on to the same hour of a later night. */
  nextNight(nights = 1): void {
    this.nowMs += nights * 86_400_000;
  }

  /** The scheduled export of the night. */
  night(): Promise<JobReport> {
    const platform = this.platform();
    return runInline(platform, scheduledRequest('export', platform));
  }

  run(request: Partial<BatchRequest> & Pick<BatchRequest, 'date'>): Promise<JobReport> {
    return runInline(this.platform(), { job: 'export', force: false, ...request });
  }

  async addTenant(tenant = TENANT): Promise<void> {
    await this.metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${tenant}`, tenant_id: tenant });
  }

  /** A message, and what the chat product tells its metadata of it: now, unless another time is given; nothing for `undefined`. */
  async say(
    at: string,
    id: string,
    { tenant = TENANT, user = 'alice', room = 'r', body = messageBody(id, at), touched = this.nowMs }: Said = {},
  ): Promise<string> {
    const key = messageKeyAt(tenant, user, room, at, id);
    await this.data.write(key, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)), {
      contentType: 'application/json',
    });
    if (touched !== null) {
      await this.metadata.put({ PK: `TENANT#${tenant}`, SK: `USER#${user}` });
      await this.metadata.put({
        ...{ PK: `TENANT#${tenant}#USER#${user}`, SK: `CHAT#${room}`, title: room },
        updated_at: new Date(touched).toISOString(),
      });
    }
    return key;
  }

  async record(date: string, tenant = TENANT): Promise<MetadataItem | undefined> {
    return (await this.metadata.get(`TENANT#${tenant}#BATCH`, `DAILY#${date}`))?.item;
  }
}

interface Said {
  readonly tenant?: string;
  readonly user?: string;
  readonly room?: string;
  readonly body?: object | string;
  readonly touched?: number | null;
}

/** Noon in Tokyo, some hours later if wanted, of a date. */
export function noonOf(date: string, hours = 0): string {
  return new Date(Date.parse(`${date}T03:00:00Z`) + hours * 3_600_000).toISOString();
}

/** Dates from one to another, both included. */
export function datesFrom(from: string, days: number): string[] {
  return Array.from({ length: days }, (_, day) => addDays(from, day));
}

export function onlyTenant({ tenants: [first] }: JobReport): TenantReport {
  if (first === undefined) throw new Error('The run had no tenant.');
  return first;
}

function watchedMetadata(
  store: MetadataStore,
  before: (call: WorldCall) => void,
  after: (call: WorldCall) => void,
): MetadataStore {
  const around = async <Result>(call: WorldCall, run: () => Promise<Result>): Promise<Result> => {
    before(call);
    const result = await run();
    after(call);
    return result;
  };
  return {
    name: store.name,
    get: (PK, SK) => around({ method: 'get', key: `${PK} / ${SK}` }, () => store.get(PK, SK)),
    query: (query, next) =>
      around(
        { method: 'query', key: `${query.partition} / ${query.sortKeyPrefix ?? query.sortKeyRange?.from ?? ''}` },
        () => store.query(query, next),
      ),
    put: (item, onlyIf) => around({ method: 'put', key: `${item.PK} / ${item.SK}` }, () => store.put(item, onlyIf)),
  };
}
