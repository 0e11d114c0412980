import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { Catalogue } from '../../local/youtube/catalogue';
import { startYoutubeApi, type YoutubeApiStandIn } from '../../local/youtube/youtube-api-server';
import type { BatchPlatform } from '../../shared/batch/batch-platform';
import { type InlineHooks, runInline } from '../../shared/batch/inline-engine';
import type { JobReport, TenantReport } from '../../shared/batch/report';
import type { BatchRequest } from '../../shared/batch/request';
import { businessDateAt } from '../../shared/calendar';
import { keyIdOf } from '../../shared/google/api-key';
import { createYoutubeApi } from '../../shared/google/youtube-data-api';
import { MemoryMetadataStore } from '../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../shared/local/memory-object-store';
import { createLog, type LogRecord } from '../../shared/logging/log';
import type { CatalogueDatabase } from '../../shared/ports/catalogue-database';
import type { MetadataItem, MetadataStore } from '../../shared/ports/metadata-store';
import type { ObjectStore } from '../../shared/ports/object-store';
import type { YoutubeApi } from '../../shared/ports/youtube-api';
import { createCatalogueDatabase } from '../../shared/postgres/catalogue-database';
import { DEFAULT_RETRY_POLICY } from '../../shared/retry/retry';
import { RetryingCatalogueDatabase } from '../../shared/retry/retrying-catalogue-database';
import { Secret } from '../../shared/secret';
import { loadSettings, type Settings } from '../../shared/settings';
import { noTelemetry } from '../../shared/telemetry/no-telemetry';
import { QuotaLedger, type QuotaState } from '../../shared/youtube/quota-ledger';
import { query } from './postgres-databases';
import type { DatabaseSettings } from './services';
import { SteppingClock } from './stepping-clock';

/** Midnight in Tokyo, the morning of the day before in California. */
export const SYNC_START = '2025-08-11T15:00:00Z';

export const ZONE = 'Asia/Tokyo';
export const GOOD_KEY = 'a-key-that-the-stand-in-takes';

/** What stands between the sync and what it runs on; each is given the real thing. */
export interface Between {
  readonly api?: (api: YoutubeApi) => YoutubeApi;
  readonly output?: (store: ObjectStore) => ObjectStore;
  readonly metadata?: (store: MetadataStore) => MetadataStore;
  readonly database?: (database: CatalogueDatabase) => CatalogueDatabase;
}

export interface YoutubeWorldOptions {
  /** An empty one, or one that other worlds have used: tenants are new ones. */
  readonly database: DatabaseSettings;
  readonly catalogue: Catalogue;
  /** The channels of each tenant, as they are named in the registry; one tenant with all of the catalogue's, if not given. */
  readonly tenants?: readonly (readonly string[])[];
  /** Settings of the app, by their names. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The key that the batch uses. */
  readonly apiKey?: string;
  readonly apiTimeoutMs?: number;
  /** Units that the stand-in gives a key. */
  readonly keyQuota?: number;
  /** In memory, if not given. */
  readonly stores?: { readonly output: ObjectStore; readonly metadata: MetadataStore };
}

/** The YouTube sync on a stand-in API over HTTP and a real PostgreSQL, with stores in memory and a clock that no wait is long for. */
export class YoutubeWorld {
  readonly clock = new SteppingClock(Date.parse(SYNC_START));
  readonly logged: LogRecord[] = [];
  readonly tenants: readonly string[];
  readonly settings: Settings;
  readonly output: ObjectStore;
  readonly metadata: MetadataStore;
  readonly #opened: CatalogueDatabase[] = [];
  #own: CatalogueDatabase | undefined;

  private constructor(
    private readonly options: YoutubeWorldOptions,
    readonly youtube: YoutubeApiStandIn,
    clockOfApi: { read: () => number },
  ) {
    const { database, settings, stores, tenants = [[]] } = options;
    this.tenants = tenants.map(() => `t${randomUUID().slice(0, 12)}`);
    this.output = stores?.output ?? new MemoryObjectStore({ name: 'output', pageSize: 7 });
    this.metadata = stores?.metadata ?? new MemoryMetadataStore();
    this.settings = loadSettings({
      AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
      COSMOS_ENDPOINT: 'http://127.0.0.1:1',
      BUSINESS_TIME_ZONE: ZONE,
      TENANT_ID: '*',
      YOUTUBE_API_KEY: options.apiKey ?? GOOD_KEY,
      YOUTUBE_API_URL: youtube.url,
      ...database,
      ...settings,
    });
    clockOfApi.read = () => this.clock.now();
  }

  static async open(options: YoutubeWorldOptions): Promise<YoutubeWorld> {
    const { catalogue, keyQuota, tenants } = options;
    const clock = { read: () => Date.parse(SYNC_START) };
    const youtube = await startYoutubeApi({
      catalogue,
      apiKeys: [GOOD_KEY],
      now: () => clock.read(),
      ...(keyQuota === undefined ? {} : { dailyQuota: keyQuota }),
    });
    const world = new YoutubeWorld(options, youtube, clock);
    const channels = tenants ?? [catalogue.channels().map(({ id }) => id)];
    for (const [at, tenant] of world.tenants.entries()) await world.register(tenant, channels[at] ?? []);
    return world;
  }

  /** The tenant, of a world that has one; else the first one. */
  get tenant(): string {
    const [first] = this.tenants;
    if (first === undefined) throw new Error('The world has no tenant.');
    return first;
  }

  get catalogue(): Catalogue {
    return this.youtube.catalogue;
  }

  get database(): DatabaseSettings {
    return this.options.database;
  }

  /** The date of the tenants' zone that it is now. */
  get date(): string {
    return businessDateAt(this.clock.now(), ZONE);
  }

  async register(tenant: string, channels: readonly string[]): Promise<void> {
    const keys = { PK: 'SYSTEM#TENANTS', SK: `TENANT#${tenant}` };
    await this.metadata.put({ ...keys, tenant_id: tenant, youtube_channel_ids: channels });
  }

  /** Time goes by, at least a second, so that the next run has a name of its own. */
  async pass(ms = 60_000): Promise<void> {
    await this.clock.sleep(ms);
    this.clock.sleeps.pop();
  }

  /** A database of its own connections, by which another process would come. */
  openDatabase(place: Partial<Pick<DatabaseSettings, 'DB_PORT' | 'DB_PASSWORD'>> = {}): CatalogueDatabase {
    const { DB_HOST, DB_PORT, DB_NAME, DB_USERNAME, DB_PASSWORD } = { ...this.options.database, ...place };
    const bare = createCatalogueDatabase({
      host: DB_HOST,
      port: Number(DB_PORT),
      database: DB_NAME,
      user: DB_USERNAME,
      password: async () => DB_PASSWORD,
      ssl: 'disable',
      poolMax: 2,
      log: this.log(),
    });
    this.#opened.push(bare);
    const policy = { ...DEFAULT_RETRY_POLICY, maxTries: 5 };
    return new RetryingCatalogueDatabase(bare, { clock: this.clock, random: () => 0.5, policy });
  }

  platform(between: Between = {}): BatchPlatform {
    const { apiKey = GOOD_KEY, apiTimeoutMs } = this.options;
    const secret = new Secret(apiKey);
    const bare = createYoutubeApi({ apiKey: secret, rootUrl: this.youtube.url, timeoutMs: apiTimeoutMs });
    const api = between.api?.(bare) ?? bare;
    this.#own ??= this.openDatabase();
    const database = between.database?.(this.#own) ?? this.#own;
    const output = between.output?.(this.output) ?? this.output;
    return {
      settings: this.settings,
      log: this.log(),
      telemetry: noTelemetry,
      clock: this.clock,
      metadata: between.metadata?.(this.metadata) ?? this.metadata,
      dataStore: () => output,
      analyticsStore: () => output,
      youtube: async () => ({ api, keyId: keyIdOf(secret) }),
      catalogue: () => database,
      random: () => 0.5,
      temporaryFolder: tmpdir(),
    };
  }

  /** A run of all tenants, if not asked otherwise, by the inline engine. */
  async run(
    { hooks, ...request }: Partial<BatchRequest> & { readonly hooks?: InlineHooks } = {},
    between: Between = {},
  ): Promise<JobReport> {
    const asked = { job: 'youtube' as const, date: this.date, tenants: this.tenants, force: false, ...request };
    return await runInline(this.platform(between), asked, hooks);
  }

  /** The report of the one tenant of such a run. */
  async runOne(request: Partial<BatchRequest> = {}, between: Between = {}): Promise<TenantReport> {
    const { tenants, failure } = await this.run({ tenants: [this.tenant], ...request }, between);
    const [report] = tenants;
    if (report === undefined) throw new Error(`The run had no tenant: ${failure?.message}`);
    return report;
  }

  /** The tenant's run records, oldest first. */
  async records(tenant = this.tenant): Promise<readonly MetadataItem[]> {
    const found: MetadataItem[] = [];
    let next: string | undefined;
    do {
      const page = await this.metadata.query({ partition: `TENANT#${tenant}#BATCH`, sortKeyPrefix: 'YOUTUBE#' }, next);
      found.push(...page.items);
      next = page.next;
    } while (next !== undefined);
    return found;
  }

  async lastRecord(tenant = this.tenant): Promise<MetadataItem | undefined> {
    return (await this.records(tenant)).at(-1);
  }

  async quota(): Promise<QuotaState> {
    const { metadata, clock, settings, options } = this;
    const keyId = keyIdOf(new Secret(options.apiKey ?? GOOD_KEY));
    const { dailyQuota: dailyLimit } = settings.youtube;
    return await new QuotaLedger({ metadata, clock, random: () => 0.5, keyId, dailyLimit }).state();
  }

  /** Units that the stand-in has counted. */
  get unitsSpent(): number {
    return this.youtube.quota.unitsSpent(GOOD_KEY);
  }

  /** Makes `premiere_videos` of a tenant what people would have made it. */
  async listPremieres(ids: readonly string[] = this.catalogue.premiereIds(), tenant = this.tenant): Promise<void> {
    await this.platform().catalogue().prepare();
    await query(this.database, 'DELETE FROM premiere_videos WHERE tenant_id = $1 AND video_id <> ALL ($2)', [
      tenant,
      ids,
    ]);
    const text = `INSERT INTO premiere_videos (tenant_id, video_id) SELECT $1, id FROM unnest($2::TEXT[]) AS id
      ON CONFLICT DO NOTHING`;
    await query(this.database, text, [tenant, ids]);
  }

  log() {
    return createLog({ level: 'debug', now: () => this.clock.now(), write: (record) => void this.logged.push(record) });
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((database) => database.close()));
    await this.youtube.stop();
  }
}
