import { DatabaseError, YoutubeError } from '../../../shared/errors';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { allObjects } from '../../../shared/messages/pages';
import type { CatalogueDatabase } from '../../../shared/ports/catalogue-database';
import type { Log } from '../../../shared/ports/log';
import type { ObjectStore } from '../../../shared/ports/object-store';
import type { ChannelName } from '../../../shared/ports/youtube-api';
import type { Video } from '../../../shared/youtube/catalogue';
import { fetchChannel } from '../../../shared/youtube/fetch-channel';
import type { ChannelPaper, FetchedChannel } from '../../../shared/youtube/fetched-channel';
import { QuotaLedger } from '../../../shared/youtube/quota-ledger';
import type { SyncContext } from '../../../shared/youtube/sync-context';
import { readVideoLots } from '../../../shared/youtube/video-lots';
import { FakeChannel, FakeYoutubeApi } from '../../support/fake-youtube-api';
import { silentLog } from '../../support/silent-log';
import { SteppingClock } from '../../support/stepping-clock';
import { watched } from '../../support/store-spies';

export const TENANT = 'acme';
export const DAY_MS = 24 * 60 * 60 * 1000;

/** The end of a process. */
export class Killed extends Error {}

/** Ends the process at the change of the store, or at the request, of that number from 1 on; `applied`: the change has its effect. */
export type Death = { readonly change: number; readonly applied: boolean } | { readonly request: number };

export interface Differing {
  readonly run?: string;
  readonly date?: string;
  readonly dailyQuota?: number;
  readonly log?: Log;
  readonly output?: ObjectStore;
  readonly api?: FakeYoutubeApi;
}

/** One channel behind an API in memory, and a tenant that reads it. */
export class FetchWorld {
  readonly channel: FakeChannel;
  readonly api: FakeYoutubeApi;
  readonly store = new MemoryObjectStore({ pageSize: 7 });
  readonly metadata = new MemoryMetadataStore();
  readonly clock = new SteppingClock();
  /** What the database has, by channel. */
  readonly known = new Map<string, { readonly handle: string; readonly videos: readonly string[] }>();
  readonly warnings: string[] = [];
  #runs = 0;

  constructor(videos = 0) {
    this.channel = new FakeChannel(undefined, undefined, videos);
    this.api = new FakeYoutubeApi(this.channel);
  }

  context(differing: Differing = {}): SyncContext {
    const { run = '2025-08-12T00-00-00', date = '2025-08-12', dailyQuota = 10_000, output = this.store } = differing;
    const { log = this.#log(), api = this.api } = differing;
    return {
      tenant: TENANT,
      date,
      run,
      output,
      metadata: this.metadata,
      database: this.#database(),
      youtube: async () => ({ api, keyId: 'key' }),
      options: { dailyQuota, csvRows: 1000, temporaryFolder: '/nowhere' },
      clock: this.clock,
      random: () => 0.5,
      log,
    };
  }

  /** The name of a run that nobody has had. */
  newRun(): string {
    this.#runs += 1;
    return `2025-08-12T01-${String(Math.floor(this.#runs / 60)).padStart(2, '0')}-${String(this.#runs % 60).padStart(2, '0')}`;
  }

  fetch(
    differing: Differing & { readonly force?: boolean; readonly name?: ChannelName } = {},
  ): Promise<FetchedChannel> {
    const { name = { id: this.channel.id }, force = false } = differing;
    return fetchChannel(this.context({ run: this.newRun(), ...differing }), name, { force });
  }

  /** A fetch by a process that ends on the way: nothing that it does afterwards has an effect. */
  async fetchDying(death: Death, differing: Differing & { readonly force?: boolean } = {}): Promise<FetchedChannel> {
    let dead = false;
    let changes = 0;
    const die = () => {
      dead = true;
      throw new Killed();
    };
    const dies = (applied: boolean) => 'change' in death && death.applied === applied && changes === death.change;
    const output = watched(
      this.store,
      ({ method }) => {
        if (dead) die();
        if (method !== 'write' && method !== 'delete') return;
        changes += 1;
        if (dies(false)) die();
      },
      ({ method }) => {
        if (dead || ((method === 'write' || method === 'delete') && dies(true))) die();
      },
    );
    const first = this.api.requests.length;
    this.api.before = (number) => {
      if (dead || ('request' in death && number - first === death.request)) die();
    };
    try {
      const fetched = await this.fetch({ ...differing, output });
      if (dead) die();
      return fetched;
    } finally {
      this.api.before = () => undefined;
    }
  }

  /** The API says from the request of this number on that the quota is exceeded. */
  async fetchUntilExceeded(request: number, differing: Differing = {}): Promise<FetchedChannel> {
    const first = this.api.requests.length;
    this.api.before = (number) => {
      if (number - first < request) return;
      throw new YoutubeError('The quota is exceeded.', { code: 'youtube_quota_exceeded', kind: 'quota' });
    };
    try {
      return await this.fetch(differing);
    } finally {
      this.api.before = () => undefined;
    }
  }

  async nextDay(): Promise<void> {
    await this.clock.sleep(DAY_MS);
  }

  async paper({ paper }: FetchedChannel): Promise<ChannelPaper> {
    return JSON.parse(Buffer.from((await this.store.read(paper)).body).toString());
  }

  /** Every video of the result, in the order of the lots. */
  async videos(fetched: FetchedChannel): Promise<Video[]> {
    const found: Video[] = [];
    for await (const video of readVideoLots(this.store, (await this.paper(fetched)).lots)) found.push(video);
    return found;
  }

  /** What a result says of the channel: id → title. */
  async titles(fetched: FetchedChannel): Promise<Map<string, string>> {
    return new Map((await this.videos(fetched)).map(({ id, title }) => [id, title]));
  }

  /** What the API would say now of every video that is listed. */
  listedTitles(): Map<string, string> {
    return new Map(this.channel.videos.filter(({ listed }) => listed).map(({ id, title }) => [id, title]));
  }

  /** Lets the database have what was read. */
  async load(fetched: FetchedChannel): Promise<void> {
    const { whole, gone } = await this.paper(fetched);
    const read = (await this.videos(fetched)).map(({ id }) => id);
    const before = whole ? [] : (this.known.get(fetched.channelId)?.videos ?? []);
    const videos = [...new Set([...before.filter((id) => !gone.includes(id)), ...read])];
    this.known.set(fetched.channelId, { handle: this.channel.handle, videos });
  }

  /** Units that the ledger has counted for the day. */
  async spent(): Promise<number> {
    const { metadata, clock } = this;
    const ledger = new QuotaLedger({ metadata, clock, random: () => 0.5, keyId: 'key', dailyLimit: 10_000 });
    const { spent, reserved } = await ledger.state();
    expect(reserved).toBe(0);
    return spent;
  }

  /** Keys of all objects, without the folder that all are in. */
  async keys(): Promise<string[]> {
    const folder = `${TENANT}/youtube/_work/`;
    const keys: string[] = [];
    for await (const { key } of allObjects(this.store, folder)) keys.push(key.slice(folder.length));
    return keys;
  }

  #log(): Log {
    const log: Log = { ...silentLog, warn: (message) => void this.warnings.push(message), with: () => log };
    return log;
  }

  #database(): CatalogueDatabase {
    const notAsked = async () => {
      throw new DatabaseError('Reading has no business with this.', {
        code: 'database_request_invalid',
        kind: 'permanent',
      });
    };
    return {
      name: 'a list of known videos',
      prepare: notAsked,
      inspect: notAsked,
      premieres: notAsked,
      load: notAsked,
      prune: notAsked,
      close: notAsked,
      channels: async () => [...this.known].map(([id, { handle, videos }]) => ({ id, handle, videos: videos.length })),
      knownVideos: async (_tenant, channelId) => this.known.get(channelId)?.videos ?? [],
    };
  }
}

/** What reading N videos costs where nothing changes meanwhile. */
export function exactUnits(videos: number): number {
  const requests = Math.ceil(videos / 50);
  return 1 + 2 * requests;
}
