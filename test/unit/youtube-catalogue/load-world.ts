import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { allObjects } from '../../../shared/messages/pages';
import type { ObjectStore } from '../../../shared/ports/object-store';
import type { Channel, Video } from '../../../shared/youtube/catalogue';
import type { ChannelPaper, FetchedChannel } from '../../../shared/youtube/fetched-channel';
import type { SyncContext } from '../../../shared/youtube/sync-context';
import { videoLotKey } from '../../../shared/youtube/sync-paths';
import { writeVideoLot } from '../../../shared/youtube/video-lots';
import { FakeCatalogueDatabase } from '../../support/fake-catalogue-database';
import { silentLog } from '../../support/silent-log';
import { SteppingClock } from '../../support/stepping-clock';

export const TENANT = 'acme';
export const RUN = '2025-08-12T00-00-00';
export const CSV = `${TENANT}/youtube/csv/${RUN}/`;

/** What a reading of a channel left in the container. */
export interface Reading {
  readonly channel: Channel;
  readonly lots: readonly (readonly Video[])[];
  readonly whole?: boolean;
  readonly gone?: readonly string[];
  readonly replacedCharacters?: number;
  /** Tells readings of one channel apart. */
  readonly run?: string;
}

/** A tenant's container and database, and a temporary folder that must be empty after every load. */
export class LoadWorld {
  readonly store = new MemoryObjectStore({ pageSize: 3 });
  readonly database = new FakeCatalogueDatabase();

  private constructor(readonly folder: string) {}

  static async create(): Promise<LoadWorld> {
    const world = new LoadWorld(await mkdtemp(join(tmpdir(), 'makoto-load-test-')));
    await world.database.prepare();
    return world;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  context(
    differing: { readonly output?: ObjectStore; readonly csvRows?: number; readonly date?: string } = {},
  ): SyncContext {
    const { output = this.store, csvRows = 1000, date = '2025-08-12' } = differing;
    return {
      tenant: TENANT,
      date,
      run: RUN,
      output,
      metadata: new MemoryMetadataStore(),
      database: this.database,
      youtube: () => Promise.reject(new Error('Loading asks the API nothing.')),
      options: { dailyQuota: 10_000, csvRows, temporaryFolder: this.folder },
      clock: new SteppingClock(),
      random: () => 0.5,
      log: silentLog,
    };
  }

  /** Puts a reading's lots and paper into the container. */
  async put({
    channel,
    lots,
    whole = true,
    gone = [],
    replacedCharacters = 0,
    run = RUN,
  }: Reading): Promise<FetchedChannel> {
    const keys = lots.map((_, index) => videoLotKey(TENANT, channel.id, run, index));
    for (const [index, videos] of lots.entries()) await writeVideoLot(this.store, keys[index] ?? '', videos);
    const paper: ChannelPaper = { channel, whole, lots: keys, gone };
    const key = `${TENANT}/youtube/_work/${channel.id}/${run}/paper.json`;
    await this.store.write(key, Buffer.from(JSON.stringify(paper)), { contentType: 'application/json' });
    const notices = { atListLimit: false, rereads: 0, replacedCharacters, resumed: false };
    return { channelId: channel.id, paper: key, videos: lots.flat().length, units: 1, notices };
  }

  /** The names of the run's CSV files in the container with their contents. */
  async csv(): Promise<Record<string, string>> {
    const files: Record<string, string> = {};
    for await (const { key } of allObjects(this.store, CSV))
      files[key.slice(CSV.length)] = Buffer.from((await this.store.read(key)).body).toString();
    return files;
  }

  /** What is left on the local disk. */
  leftOnDisk(): Promise<string[]> {
    return readdir(this.folder);
  }
}
