import { createPlatform, type DisposablePlatform } from '../../shared/platform';
import type { Clock } from '../../shared/ports/clock';
import type { MetadataStore } from '../../shared/ports/metadata-store';
import type { ObjectStore } from '../../shared/ports/object-store';
import { loadSettings } from '../../shared/settings';
import { newBucket, newTable } from '../support/aws-services';
import { newAwsWorld } from '../support/aws-world';
import { newServiceWorld } from '../support/service-world';
import { newBlobContainer, newMetadataContainer } from '../support/services';
import { untilAborted } from '../support/standing-clock';
import { watched } from '../support/store-spies';

export type CloudName = 'azure' | 'aws';
type Env = Readonly<Record<string, string>>;

/** One cloud's stand-ins: where all lanes on it read, and settings with an output and a metadata table of a lane's own. */
export interface TestCloud {
  readonly name: CloudName;
  readonly data: (tenant: string) => ObjectStore;
  laneSettings(extra?: Env): Promise<Env>;
  dispose(): Promise<void>;
}

export async function openCloud(name: CloudName): Promise<TestCloud> {
  const { settings, platform } = name === 'azure' ? await newServiceWorld() : await newAwsWorld();
  return {
    name,
    data: (tenant) => platform.dataStore(tenant),
    laneSettings: async (extra = {}) => ({ ...settings, ...(await OWN[name]()), ...extra }),
    dispose: () => platform.dispose(),
  };
}

const OWN: Readonly<Record<CloudName, () => Promise<Env>>> = {
  azure: async () => ({
    ANALYTICS_CONTAINER: await newBlobContainer('out'),
    COSMOS_CONTAINER_NAME: await newMetadataContainer('lane'),
  }),
  aws: async () => ({ ANALYTICS_BUCKET_NAME: await newBucket('out'), DYNAMODB_TABLE_NAME: await newTable('lane') }),
};

/** A clock that a test sets, on which no wait takes time: what a run is named after is the same on all clouds. */
export class SetClock implements Clock {
  readonly sleeps: number[] = [];

  constructor(public nowMs: number) {}

  now(): number {
    return this.nowMs;
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal !== undefined) return untilAborted(signal);
    this.sleeps.push(ms);
  }
}

/** A platform that tells what it wrote: keys of objects, and items as `PK / SK`. */
export interface WatchedPlatform {
  readonly platform: DisposablePlatform;
  readonly clock: SetClock;
  readonly writes: string[];
  readonly settings: Env;
}

export function openWatched(settings: Env, nowMs: number): WatchedPlatform {
  const clock = new SetClock(nowMs);
  const bare = createPlatform(loadSettings(settings), { clock, logSink: { write: () => true } });
  const writes: string[] = [];
  const analyticsStore = (tenant: string) =>
    watched(bare.analyticsStore(tenant), ({ method, key }) => {
      if (method === 'write' || method === 'delete') writes.push(`${method} ${key}`);
    });
  const metadata = watchedMetadata(bare.metadata, writes);
  return { platform: { ...bare, analyticsStore, metadata }, clock, writes, settings };
}

function watchedMetadata(store: MetadataStore, writes: string[]): MetadataStore {
  return {
    name: store.name,
    get: (partition, sortKey) => store.get(partition, sortKey),
    query: (query, continuation) => store.query(query, continuation),
    put: async (item, onlyIf) => {
      writes.push(`put ${item.PK} / ${item.SK}`);
      await store.put(item, onlyIf);
    },
  };
}
