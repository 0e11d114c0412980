import { StorageError } from '../errors';
import type { ObjectStore } from '../ports/object-store';
import type { DayPlan, PlannedRoom, ShardPlan } from './day-plan';
import type { Manifest } from './manifest';
import { manifestKey } from './output-paths';
import { readPaperIfThere } from './papers';

const utf8 = new TextDecoder();

/** A day's manifest as it is stored, with the etag that a conditional write needs. */
export interface PublishedDay {
  readonly manifest: Manifest;
  readonly etag: string;
}

/** The published version of a tenant's day, or undefined where it was never published. */
export async function readPublishedDay(
  analytics: ObjectStore,
  tenant: string,
  date: string,
): Promise<PublishedDay | undefined> {
  try {
    const { body, etag } = await analytics.read(manifestKey(tenant, date));
    return { manifest: JSON.parse(utf8.decode(body)) as Manifest, etag };
  } catch (error) {
    if (error instanceof StorageError && error.code === 'object_not_found') return undefined;
    throw error;
  }
}

/** The rooms that a published day was made from, a shard's at a time; none where its working papers are gone. */
export async function* publishedRooms(
  analytics: ObjectStore,
  manifest: Manifest,
): AsyncGenerator<PlannedRoom, void, undefined> {
  const plan = await readPaperIfThere<DayPlan>(analytics, manifest.plan);
  for (const { key } of plan?.shards ?? []) {
    const shard = await readPaperIfThere<ShardPlan>(analytics, key);
    yield* shard?.rooms ?? [];
  }
}
