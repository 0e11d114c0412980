import { runInline } from '../../shared/batch/inline-engine';
import { scheduledRequest } from '../../shared/batch/scheduled-request';
import { keyIdOf } from '../../shared/google/api-key';
import { createYoutubeApi } from '../../shared/google/youtube-data-api';
import { createFolderObjectStore } from '../../shared/local/folder-object-store';
import { MemoryMetadataStore } from '../../shared/local/memory-metadata-store';
import { systemClock } from '../../shared/local/system-clock';
import { createLog } from '../../shared/logging/log';
import { Masker } from '../../shared/logging/masking';
import { plainLines } from '../../shared/logging/writers';
import { createCatalogueDatabase } from '../../shared/postgres/catalogue-database';
import { Secret } from '../../shared/secret';
import { loadSettings } from '../../shared/settings';
import { noTelemetry } from '../../shared/telemetry/no-telemetry';
import { runChild } from '../harness/child';
import { peakRss } from '../harness/peak-rss';

export interface SyncInput {
  /** What the sync runs on, as settings of the app: the database, the API, the tenant and its channel. */
  readonly settings: Readonly<Record<string, string>> & {
    readonly DB_PASSWORD: string;
    readonly YOUTUBE_API_KEY: string;
  };
  /** The tenant's container: a folder that is there. */
  readonly output: string;
  readonly temporaryFolder: string;
}

export interface SyncAnswer {
  readonly status: string;
  /** Why it is not `completed`. */
  readonly failure?: string;
  readonly videos: number;
  readonly rowsWritten: number;
  readonly units: number;
  readonly seconds: number;
  /** Of this process, user and system. */
  readonly cpuSeconds: number;
  /** In bytes, before the sync and at the most. */
  readonly rssBefore: number;
  readonly rssPeak: number;
}

/** One sync by the inline engine, with nothing else in its process. */
runChild<SyncInput>(async ({ settings: given, output, temporaryFolder }, answer) => {
  const settings = loadSettings({
    AZURE_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
    COSMOS_ENDPOINT: 'http://127.0.0.1:1',
    ...given,
  });
  const { host, port, name: database, username: user } = settings.database ?? {};
  if (host === undefined || port === undefined || database === undefined || user === undefined) {
    throw new Error('The settings name no database.');
  }
  const key = new Secret(given.YOUTUBE_API_KEY);
  const masker = new Masker([given.YOUTUBE_API_KEY, given.DB_PASSWORD]);
  const log = createLog({ level: 'warn', masker, now: Date.now, write: plainLines(process.stderr) });
  const password = async () => given.DB_PASSWORD;
  const catalogue = createCatalogueDatabase({ host, port, database, user, password, ssl: 'disable', poolMax: 2, log });
  const store = createFolderObjectStore({ folder: output });
  const api = createYoutubeApi({ apiKey: key, rootUrl: settings.youtube.apiUrl });
  const platform = {
    ...{ settings, log, clock: systemClock, random: Math.random, temporaryFolder },
    metadata: new MemoryMetadataStore(),
    dataStore: () => store,
    analyticsStore: () => store,
    youtube: async () => ({ api, keyId: keyIdOf(key) }),
    catalogue: () => catalogue,
    telemetry: noTelemetry,
  };

  const rssBefore = peakRss();
  const before = process.cpuUsage();
  const begun = performance.now();
  const report = await runInline(platform, scheduledRequest('youtube', platform));
  await catalogue.close();
  const seconds = (performance.now() - begun) / 1000;
  const { user: inUser, system } = process.cpuUsage(before);
  const [tenant] = report.tenants;
  const failure = tenant?.failure ?? report.failure;
  answer({
    status: report.status,
    ...(failure && { failure: `${failure.code}: ${failure.message}` }),
    videos: tenant?.videos ?? 0,
    rowsWritten: tenant?.rowsWritten ?? 0,
    units: tenant?.quotaUnits ?? 0,
    ...{ seconds, cpuSeconds: (inUser + system) / 1e6 },
    ...{ rssBefore, rssPeak: peakRss() },
  } satisfies SyncAnswer);
});
