import type { RoomId } from './message-key';
import type { PlannedRepair } from './repairs';
import type { ShardLayout } from './shard-layout';

/**
 * Who named a room: `metadata` its own record, `audit` a walk of prefixes that metadata gave no reason to look at,
 * `storage` a walk of all prefixes because metadata knows no room of the tenant.
 */
export type RoomSource = 'metadata' | 'audit' | 'storage';

export interface PlannedRoom extends RoomId {
  readonly title: string | null;
  readonly source: RoomSource;
  /** The messages that the metadata says the room ever had, where it does. */
  readonly count?: number | undefined;
  /** The messages that the room is expected to have on the day: see room-weights.ts. Missing in papers of earlier versions, and of late rooms. */
  readonly expected?: number;
}

/** What one shard reads: a paper of its own, so that a shard of a large tenant loads no more than its share. */
export interface ShardPlan {
  readonly shard: number;
  /** In key order. */
  readonly rooms: readonly PlannedRoom[];
  /** Users with rooms in other shards too: their rows are made at publishing. */
  readonly dividedUsers: readonly string[];
  /** The messages that its rooms are expected to have together. Missing, as all numbers of this kind, in papers of earlier versions. */
  readonly expected?: number;
  /** Corrected copies of quarantined messages of its rooms, in key order; missing where there are none. */
  readonly repairs?: readonly PlannedRepair[];
}

/** The plan of a tenant's day. */
export interface DayPlan {
  readonly tenant: string;
  readonly date: string;
  readonly timeZone: string;
  readonly layout: ShardLayout;
  /** The shards that have rooms, and their papers' keys. */
  readonly shards: readonly {
    readonly shard: number;
    readonly key: string;
    readonly rooms: number;
    readonly expected?: number;
  }[];
  readonly rooms: RoomCounts;
  /** What the day after measures the counts of its rooms by. */
  readonly counted?: CountedRooms;
}

/** The rooms of a plan that the metadata counts messages of, and these counts' sum. */
export interface CountedRooms {
  readonly rooms: number;
  readonly messages: number;
}

export interface RoomCounts {
  readonly planned: number;
  readonly fromMetadata: number;
  readonly fromAudit: number;
  readonly fromStorage: number;
  /** Rooms that metadata knows to be untouched since before the day: looked into only where the audit does. */
  readonly untouched: number;
}

/** Rooms that an audit found to hold messages of an earlier, published day: taken in when that day is planned again. */
export interface LateRooms {
  readonly rooms: readonly PlannedRoom[];
}
