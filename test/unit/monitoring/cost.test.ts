import { expectedMessages, UNMEASURED } from '../../../shared/messages/room-weights';
import { AZURE_ASSUMPTIONS, AZURE_PRICES } from '../../../shared/operations/azure-cost';
import { type Night, type Requests, requestsOf, shardsOf } from '../../../shared/operations/cost-model';
import type { MetadataStore } from '../../../shared/ports/metadata-store';
import { BatchWorld, datesFrom, noonOf, type WorldCall } from '../../support/batch-world';
import { ExportWorld, runDay } from '../../support/export-world';
import { recorded, type StoreCall } from '../../support/store-spies';
import { testCostPage } from '../docs/cost-page';
import { readText } from '../docs/documents';
import { costs } from './cost-model';

const DATE = '2025-08-11';
/** What a room is expected to have whose metadata counts one message, on a night that has none before it. */
const EXPECTED = expectedMessages(UNMEASURED, 1);

interface Size {
  readonly users: number;
  readonly rooms: number;
  readonly messages: number;
  readonly shardMessages: number;
  readonly auditShare: number;
}

/** Runs an export of a day in memory, and counts what it asks of the stores. */
async function measured({ users, rooms, messages, shardMessages, auditShare }: Size): Promise<Requests> {
  const world = new ExportWorld({ pageSize: 5000, shardMessages, auditShare });
  for (let user = 0; user < users; user++) {
    for (let room = 0; room < rooms; room++) {
      await world.putRoom(`u${user}`, `r${room}`, `${DATE}T10:00:00Z`);
      for (let minute = 0; minute < messages; minute++) {
        const time = `03-${String(minute).padStart(2, '0')}-00.000Z`;
        const key = `acme/chat/u${user}/r${room}/messages/2025/08/11/${time}-m${minute}.json`;
        await world.putMessage(key, { message_id: `m${minute}`, role: 'user', content: 'Hello' });
      }
    }
  }
  const data = recorded(world.data);
  const analytics = recorded(world.analytics);
  const metadata = counted(world.metadata);
  await runDay(world.context(DATE, { data: data.store, analytics: analytics.store, metadata: metadata.store }));
  const of = (calls: readonly StoreCall[], method: StoreCall['method']) =>
    calls.filter((call) => call.method === method).length;
  return {
    messageReads: of(data.calls, 'read'),
    roomListings: of(data.calls, 'list'),
    prefixListings: of(data.calls, 'listPrefixes'),
    paperReads: of(analytics.calls, 'read'),
    paperHeads: of(analytics.calls, 'head'),
    paperWrites: of(analytics.calls, 'write'),
    paperListings: of(analytics.calls, 'list'),
    ...metadata.counts,
  };
}

function counted(store: MetadataStore) {
  const counts = { metadataQueries: 0, metadataItems: 0, metadataGets: 0, metadataPuts: 0 };
  const counting: MetadataStore = {
    name: store.name,
    get: (partition, sortKey) => {
      counts.metadataGets += 1;
      return store.get(partition, sortKey);
    },
    query: async (query, continuation) => {
      const page = await store.query(query, continuation);
      counts.metadataQueries += 1;
      counts.metadataItems += page.items.length;
      return page;
    },
    put: (item, onlyIf) => {
      counts.metadataPuts += 1;
      return store.put(item, onlyIf);
    },
  };
  return { store: counting, counts };
}

function nightOf({ users, rooms, messages, shardMessages, auditShare }: Size): Night {
  const activeRooms = users * rooms;
  return {
    messages: activeRooms * messages,
    activeRooms,
    knownRooms: activeRooms,
    knownUsers: users,
    shards: shardsOf(activeRooms * EXPECTED, shardMessages),
    auditShare,
  };
}

test.each<Size>([
  { users: 2, rooms: 3, messages: 4, shardMessages: 50_000, auditShare: 0 },
  { users: 3, rooms: 2, messages: 50, shardMessages: 50_000, auditShare: 0 },
  { users: 4, rooms: 6, messages: 4, shardMessages: 12 * EXPECTED, auditShare: 0 },
  { users: 4, rooms: 6, messages: 2, shardMessages: 6 * EXPECTED, auditShare: 0 },
  { users: 4, rooms: 6, messages: 4, shardMessages: 50_000, auditShare: 1 },
  { users: 7, rooms: 3, messages: 3, shardMessages: 50_000, auditShare: 1 },
])('an export asks for what the model says: %p', async (size) => {
  const requests = await measured(size);

  expect(requests).toEqual(requestsOf(nightOf(size)));
});

const page = readText('docs/cost.md');
const SIZES = [1_000, 100_000, 1_000_000];

testCostPage({
  document: 'docs/cost.md',
  level: '##',
  assumptions: AZURE_ASSUMPTIONS,
  prices: AZURE_PRICES,
  sizes: SIZES,
  // What is more than one instance can do in time.
  moreSizes: [10_000_000],
  costs,
});

test('the page says which counts are measured, as the model has them', () => {
  const { messageReads, paperReads, paperWrites, paperHeads } = requestsOf({
    messages: 1,
    activeRooms: 1,
    knownRooms: 1,
    knownUsers: 1,
    shards: 1,
    auditShare: 0,
  });

  expect(messageReads).toBe(1);
  expect(page).toContain(`${paperReads - 13} + 13 · shards`);
  expect(page).toContain(`${paperHeads - 11} + 11 · shards`);
  expect(page).toContain(`${paperWrites - 5} + 5 · shards`);
});

test('what the page says that a scheduled night asks for besides is so', async () => {
  const world = new BatchWorld();
  await world.addTenant();
  world.nowMs = Date.parse('2025-08-01T17:00:00Z');
  for (const date of datesFrom('2025-08-01', 9)) {
    // Three rooms are active every day, three more two days before the last.
    const rooms = date === '2025-08-08' ? [0, 1, 2, 3, 4, 5] : [0, 1, 2];
    for (const room of rooms)
      await world.say(noonOf(date), `m-${date}`, { room: `r${room}`, touched: Date.parse(noonOf(date)) });
    if (date === '2025-08-09') world.calls.length = 0;
    await world.night();
    world.nextNight();
  }
  const count = (method: WorldCall['method'], part: string) =>
    world.calls.filter((call) => call.method === method && call.key.includes(part)).length;

  const asked = {
    leases: [count('get', 'LEASE#'), count('put', 'LEASE#')],
    runs: [count('get', 'RUN#'), count('put', 'RUN#')],
    registry: count('query', 'SYSTEM#TENANTS'),
    records: count('query', 'DAILY#'),
    roomListings: count('list', '/messages/') - count('list', 'analytics/messages/'),
  };

  expect(asked).toEqual({ leases: [4, 2], runs: [1, 1], registry: 1, records: 1, roomListings: 3 + 6 });
});
