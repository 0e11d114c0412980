/** Something that a cost depends on: measured, assumed, or a price in US dollars. `unit` says of what it is so many, or what the price is for. */
export interface Variable {
  readonly value: number;
  readonly unit: string;
}

/** The values of variables, by their names. */
export type Values<Of> = { readonly [Name in keyof Of]: number };

export function valuesOf<Of extends Readonly<Record<string, Variable>>>(variables: Of): Values<Of> {
  return Object.fromEntries(Object.entries(variables).map(([name, { value }]) => [name, value])) as Values<Of>;
}

/** What does not depend on the cloud. The figures of the documents come from these and from a cloud's own. */
export const WORK_VARIABLES = {
  start_seconds: { value: 0.5, unit: 's a shard' },
  messages_per_room: { value: 10, unit: 'messages an active room' },
  known_rooms_per_active_room: { value: 5, unit: '' },
  rooms_per_user: { value: 5, unit: 'known rooms a user' },
  shard_messages: { value: 50_000, unit: 'messages a shard' },
  audit_share: { value: 0.142857, unit: '' },
} satisfies Readonly<Record<string, Variable>>;

/** A tenant's night, in what its cost depends on. */
export interface Night {
  readonly messages: number;
  /** Rooms that were touched since the day began. */
  readonly activeRooms: number;
  /** All rooms and users of the metadata store. */
  readonly knownRooms: number;
  readonly knownUsers: number;
  readonly shards: number;
  /** PLAN_AUDIT_SHARE. */
  readonly auditShare: number;
}

/** Requests of a night on which everything is new, to the data container, the analytics container and the metadata store. */
export interface Requests {
  readonly messageReads: number;
  readonly roomListings: number;
  readonly prefixListings: number;
  readonly paperReads: number;
  readonly paperHeads: number;
  readonly paperWrites: number;
  readonly paperListings: number;
  readonly metadataQueries: number;
  readonly metadataItems: number;
  readonly metadataGets: number;
  readonly metadataPuts: number;
}

/** Measured by test/unit/monitoring/cost.test.ts, which runs exports of several sizes of a recent day. */
export function requestsOf(night: Night): Requests {
  const { messages, activeRooms, knownRooms, knownUsers, shards, auditShare } = night;
  return {
    messageReads: messages,
    roomListings: activeRooms + auditShare * knownRooms,
    prefixListings: auditShare === 0 ? 0 : 1 + auditShare * (knownUsers + knownRooms),
    paperReads: 7 + 13 * shards,
    paperHeads: 4 + 11 * shards,
    paperWrites: 3 + 5 * shards,
    paperListings: 7,
    metadataQueries: 2 + knownUsers,
    metadataItems: knownUsers + knownRooms,
    metadataGets: 1,
    metadataPuts: 1,
  };
}

/** Requests as clouds price them: what reads, and what lists or writes. */
export function pricedRequests(requests: Requests): {
  readonly reads: number;
  readonly lists: number;
  readonly writes: number;
} {
  return {
    reads: requests.messageReads + requests.paperReads + requests.paperHeads,
    lists: requests.roomListings + requests.prefixListings + requests.paperListings,
    writes: requests.paperWrites,
  };
}

/** Shards of a day that has none yet: the layout doubles until none is expected to have more messages than EXPORT_SHARD_MESSAGES. */
export function shardsOf(messages: number, shardMessages: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(messages / shardMessages)));
}

/** What may be known of a night's rooms, in place of what is assumed. */
export interface KnownRooms {
  readonly activeRooms?: number | undefined;
  readonly knownRooms?: number | undefined;
}

/** A night of so many messages, by the assumptions where nothing is known. */
export function nightOf(messages: number, v: Values<typeof WORK_VARIABLES>, known: KnownRooms = {}): Night {
  const { activeRooms = messages / v.messages_per_room } = known;
  const { knownRooms = activeRooms * v.known_rooms_per_active_room } = known;
  return {
    messages,
    activeRooms,
    knownRooms,
    knownUsers: knownRooms / v.rooms_per_user,
    shards: shardsOf(messages, v.shard_messages),
    auditShare: v.audit_share,
  };
}

/** What a night costs beyond what is paid whether or not anything runs, in US dollars, and the work that it is made of. */
export interface NightCost {
  readonly requests: Requests;
  readonly cpuSeconds: number;
  /** Seconds for which an instance or a function is at work. */
  readonly seconds: number;
  readonly usd: { readonly compute: number; readonly storage: number; readonly metadata: number };
}
