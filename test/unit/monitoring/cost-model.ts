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

/** Measured by cost.test.ts, which runs exports of several sizes of a recent day. */
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
    metadataQueries: 1 + knownUsers,
    metadataItems: knownUsers + knownRooms,
    metadataGets: 1,
    metadataPuts: 1,
  };
}

/** Shards of a day that has none yet: the layout doubles until none is expected to have more messages than EXPORT_SHARD_MESSAGES. */
export function shardsOf(messages: number, shardMessages: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(messages / shardMessages)));
}

/** What docs/cost.md assumes and what it takes for prices, by their names there. */
export type Variables = Readonly<Record<string, number>>;

const DAYS = 30;
const HOURS = 730;

/** A night of so many messages, by the assumptions of docs/cost.md. */
export function nightOf(messages: number, variables: Variables): Night {
  const { messages_per_room = 1, known_rooms_per_active_room = 1, rooms_per_user = 1, shard_messages = 1 } = variables;
  const activeRooms = messages / messages_per_room;
  const knownRooms = activeRooms * known_rooms_per_active_room;
  return {
    messages,
    activeRooms,
    knownRooms,
    knownUsers: knownRooms / rooms_per_user,
    shards: shardsOf(messages, shard_messages),
    auditShare: variables.audit_share ?? 0,
  };
}

/** Every figure of the table in docs/cost.md: of a night, then in money a month. */
export function costs(messages: number, v: Variables): Record<string, number> {
  const of = (name: string): number => {
    const value = v[name];
    if (value === undefined) throw new Error(`docs/cost.md has no ${name}.`);
    return value;
  };
  const night = nightOf(messages, v);
  const requests = requestsOf(night);
  const cpuSeconds = (messages * of('cpu_ms_message')) / 1000;
  const instanceSeconds = cpuSeconds / of('busy_share') + night.shards * of('start_seconds');
  const executions = 18 + 4 * night.shards;
  const reads = requests.messageReads + requests.paperReads + requests.paperHeads;
  const lists = requests.roomListings + requests.prefixListings + requests.paperListings;
  const units =
    requests.metadataQueries * of('ru_query') +
    requests.metadataItems * of('ru_item') +
    requests.metadataGets * of('ru_item') +
    requests.metadataPuts * of('ru_write');

  const gbSeconds = DAYS * instanceSeconds * of('instance_gb');
  const onDemand = gbSeconds * of('flex_gb_second') + (DAYS * executions * of('flex_million_executions')) / 1e6;
  const alwaysReady = of('always_ready_instances') * of('instance_gb') * HOURS * 3600 * of('flex_baseline_gb_second');
  const premiumHour = of('premium_vcpus') * of('premium_vcpu_hour') + of('premium_instance_gb') * of('premium_gb_hour');
  const premiumSeconds = instanceSeconds / of('premium_vcpus');
  const more = Math.max(0, Math.ceil(premiumSeconds / of('limit_seconds')) - 1);
  const premium = premiumHour * (HOURS + (DAYS * more * of('limit_seconds')) / 3600);
  const storage =
    (DAYS * (reads * of('blob_10k_reads') + (lists + requests.paperWrites) * of('blob_10k_writes'))) / 10_000;
  const metadata = (DAYS * units * of('cosmos_million_ru')) / 1e6;
  return {
    'message GETs': requests.messageReads,
    listings: lists,
    'other GETs and HEADs': requests.paperReads + requests.paperHeads,
    PUTs: requests.paperWrites,
    'request units': units,
    'CPU seconds': cpuSeconds,
    'instance seconds': instanceSeconds,
    'Flex Consumption, on demand': onDemand,
    'Flex Consumption, always ready': alwaysReady,
    Premium: premium,
    'storage requests': storage,
    'Cosmos DB': metadata,
    'sum with Flex Consumption': onDemand + alwaysReady + storage + metadata,
    'sum with Premium': premium + storage + metadata,
  };
}
