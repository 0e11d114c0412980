import type { Notices, PartRef } from './manifest';
import type { Proof } from './proof';
import type { DividedUser, ShardParts } from './shard-rows';
import type { Tally } from './tally';

/** What became of a shard, saved beside the plan. The same input gives the same result, byte for byte. */
export interface ShardResult {
  readonly shard: number;
  readonly fingerprint: string;
  readonly inputDigest: string;
  /** See input-sum.ts, and the objects that it is of. */
  readonly inputSum: string;
  readonly objects: number;
  readonly proof: Proof;
  /** Of `proof.outside`, those that only their body placed in another day. */
  readonly outsideByBody: number;
  readonly notices: Notices;
  readonly totals: Pick<Tally, 'contentLength' | 'attachments' | 'tokensUsed'>;
  readonly rooms: number;
  readonly users: number;
  readonly dividedUsers: readonly DividedUser[];
  readonly parts: ShardParts;
  readonly quarantine: PartRef | null;
}

/** A result as it may have been saved: earlier versions wrote one part of each dataset, or null where there was no row, and no sum. */
export interface SavedShardResult extends Omit<ShardResult, 'parts' | 'inputSum' | 'objects'> {
  readonly inputSum?: string;
  readonly objects?: number;
  readonly parts: { readonly [Dataset in keyof ShardParts]: ShardParts[Dataset] | PartRef | null };
}

/** A saved result as this version saves it, but for the sum that earlier versions did not take. */
export function asOfNow(
  saved: SavedShardResult,
): Omit<ShardResult, 'inputSum' | 'objects'> & Pick<SavedShardResult, 'inputSum' | 'objects'> {
  const { messages, rooms, users } = saved.parts;
  return { ...saved, parts: { messages: listOf(messages), rooms: listOf(rooms), users: listOf(users) } };
}

function listOf(parts: readonly PartRef[] | PartRef | null): readonly PartRef[] {
  if (parts === null) return [];
  return 'key' in parts ? [parts] : parts;
}

/** Every object that a shard wrote. */
export function partsOf({ parts, quarantine }: Pick<ShardResult, 'parts' | 'quarantine'>): PartRef[] {
  return [...Object.values(parts).flat(), ...(quarantine === null ? [] : [quarantine])];
}
