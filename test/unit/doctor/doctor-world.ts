import { tmpdir } from 'node:os';
import type { BatchPlatform } from '../../../shared/batch/batch-platform';
import { addDays } from '../../../shared/calendar';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import type { Check, CheckName } from '../../../shared/operations/doctor/check';
import { type DoctorInput, runDoctor } from '../../../shared/operations/doctor/run-doctor';
import type { MetadataStore } from '../../../shared/ports/metadata-store';
import type { ObjectStore } from '../../../shared/ports/object-store';
import type { Settings } from '../../../shared/settings';
import { noTelemetry } from '../../../shared/telemetry/no-telemetry';
import { FakeCatalogueDatabase } from '../../support/fake-catalogue-database';
import { FakeChannel, FakeYoutubeApi } from '../../support/fake-youtube-api';
import { silentLog } from '../../support/silent-log';
import { standingClock } from '../../support/standing-clock';

export const SECRETS = {
  YOUTUBE_API_KEY: 'the-key-of-the-youtube-data-api',
  DB_PASSWORD: 'the-password-of-the-database',
  COSMOS_KEY: 'the-key-of-the-cosmos-account',
};

const FAILURE = { code: 'access_denied', kind: 'configuration', message: 'No.' };

/** Everything that a run needs, in memory: fine, until a test breaks something. */
export class DoctorWorld {
  env: Record<string, string | undefined> = {
    AZURE_STORAGE_ACCOUNT_URL: 'https://example.blob.core.windows.net',
    COSMOS_ENDPOINT: 'https://example.documents.azure.com:443',
    TENANT_ID: 'acme, beta',
    DB_HOST: '127.0.0.1',
    YOUTUBE_CHANNEL_IDS: '@fake',
    ...SECRETS,
    PATH: '/usr/bin',
  };
  fileProblems: readonly string[] = [];
  versions = { batch: '0.1.0', node: '22.1.0' };
  readonly memory = new MemoryObjectStore({ name: 'the container' });
  readonly items = new MemoryMetadataStore({ name: 'the table' });
  data: ObjectStore = this.memory;
  analytics: ObjectStore = this.memory;
  metadata: MetadataStore = this.items;
  readonly channel = new FakeChannel();
  readonly api = new FakeYoutubeApi(this.channel);
  readonly database = new FakeCatalogueDatabase();
  youtube: BatchPlatform['youtube'] = async () => ({ api: this.api, keyId: '0123456789abcdef' });
  /** Noon in Tokyo, ten hours after the nightly run for the 11th. */
  nowMs = Date.parse('2025-08-12T03:00:00Z');
  otherClock: DoctorInput['otherClock'];
  disposed = 0;

  /** A world in which the last week of both tenants is published. */
  static async healthy(): Promise<DoctorWorld> {
    const world = new DoctorWorld();
    await world.database.prepare();
    for (const tenant of ['acme', 'beta'])
      for (let back = 0; back < 10; back++) await world.record(tenant, addDays('2025-08-11', -back));
    return world;
  }

  async record(tenant: string, date: string, status: 'completed' | 'failed' = 'completed'): Promise<void> {
    await this.items.put({
      PK: `TENANT#${tenant}#BATCH`,
      SK: `DAILY#${date}`,
      batch_type: 'daily_message_parquet',
      status,
      message_count: 1,
      output_path: 'x',
      processed_at: `${date}T17:00:00.000Z`,
      ...(status === 'failed' ? { last_failure: { ...FAILURE, at: `${date}T17:00:00.000Z` } } : {}),
    });
  }

  async examine(): Promise<Check[]> {
    const checks = await runDoctor({
      env: this.env,
      fileProblems: this.fileProblems,
      versions: this.versions,
      clock: standingClock(() => this.nowMs),
      otherClock: this.otherClock,
      onPlatform: async (settings, work) => {
        try {
          return await work(this.#platform(settings));
        } finally {
          this.disposed += 1;
        }
      },
    });
    for (const secret of Object.values(SECRETS)) expect(JSON.stringify(checks)).not.toContain(secret);
    return checks;
  }

  /** What was found under one name, but for what is fine. */
  async complaints(name?: CheckName): Promise<Check[]> {
    return (await this.examine()).filter(({ check, status }) => status !== 'ok' && (name ?? check) === check);
  }

  #platform(settings: Settings): BatchPlatform {
    return {
      settings,
      log: silentLog,
      telemetry: noTelemetry,
      clock: standingClock(() => this.nowMs),
      metadata: this.metadata,
      dataStore: () => this.data,
      analyticsStore: () => this.analytics,
      youtube: () => this.youtube(),
      catalogue: () => this.database,
      random: () => 0.5,
      temporaryFolder: tmpdir(),
    };
  }
}
