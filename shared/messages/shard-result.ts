import type { Notices, PartRef } from './manifest';
import type { Proof } from './proof';
import type { DividedUser, SHARD_DATASETS } from './shard-rows';
import type { Tally } from './tally';

/** What became of a shard, saved beside the plan. The same input gives the same result, byte for byte. */
export interface ShardResult {
  readonly shard: number;
  readonly fingerprint: string;
  readonly inputDigest: string;
  readonly proof: Proof;
  /** Of `proof.outside`, those that only their body placed in another day. */
  readonly outsideByBody: number;
  readonly notices: Notices;
  readonly totals: Pick<Tally, 'contentLength' | 'attachments' | 'tokensUsed'>;
  readonly rooms: number;
  readonly users: number;
  readonly dividedUsers: readonly DividedUser[];
  readonly parts: { readonly [Dataset in (typeof SHARD_DATASETS)[number]]: PartRef | null };
  readonly quarantine: PartRef | null;
}

/** Every object that a shard wrote. */
export function partsOf({ parts, quarantine }: ShardResult): PartRef[] {
  return [...Object.values(parts), quarantine].filter((part) => part !== null);
}
