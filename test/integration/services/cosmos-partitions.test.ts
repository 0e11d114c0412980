import { CosmosClient } from '@azure/cosmos';
import { type CosmosEmulator, startCosmosEmulator } from '../../../local/services/cosmos-emulator';

let emulator: CosmosEmulator;
let client: CosmosClient;

beforeEach(async () => {
  emulator = await startCosmosEmulator();
  const { endpoint, key } = emulator;
  client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
});

afterEach(async () => {
  client.dispose();
  await emulator.stop();
});

test('a query of one partition sees what is in it now, and others see everything', async () => {
  const { items } = client.database(emulator.database).container(emulator.container);
  const container = client.database(emulator.database).container(emulator.container);
  const queried = async (partition: string) => {
    const spec = {
      query: 'SELECT * FROM c WHERE c.PK = @partition ORDER BY c.SK',
      parameters: [{ name: '@partition', value: partition }],
    };
    const { resources } = await items.query<{ SK: string; n: number }>(spec, { partitionKey: partition }).fetchAll();
    return resources.map(({ SK, n }) => [SK, n]);
  };
  await items.upsert({ id: '1', PK: 'a', SK: 'x', n: 1 });
  await items.upsert({ id: '2', PK: 'a', SK: 'y', n: 1 });
  await items.upsert({ id: '1', PK: 'b', SK: 'x', n: 1 });

  await items.upsert({ id: '1', PK: 'a', SK: 'x', n: 2 });
  await container.item('2', 'a').delete();

  expect([await queried('a'), await queried('b'), await queried('c')]).toEqual([[['x', 2]], [['x', 1]], []]);
  const all = await items.query<{ PK: string; n: number }>('SELECT c.PK, c.n FROM c ORDER BY c.PK').fetchAll();
  expect(all.resources).toEqual([
    { PK: 'a', n: 2 },
    { PK: 'b', n: 1 },
  ]);
});
