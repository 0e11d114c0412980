import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  type AttributeValue,
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { createDynamoMetadataStore, type DynamoMetadataStore } from '../../../shared/aws/dynamo-metadata-store';
import { expectFailure } from '../../contract/metadata-store-contract';
import { newTable, sharedAws } from '../../support/aws-services';

describe('items of DynamoDB', () => {
  let table: string;
  let store: DynamoMetadataStore;
  let client: DynamoDBClient;

  beforeEach(async () => {
    const { region, credentials, dynamodb } = sharedAws();
    table = await newTable('items');
    store = createDynamoMetadataStore({ region, table, endpoint: dynamodb.endpoint });
    client = new DynamoDBClient({ region, credentials, endpoint: dynamodb.endpoint });
  });

  afterEach(() => {
    store.dispose();
    client.destroy();
  });

  const write = (attributes: Record<string, AttributeValue>) =>
    client.send(new PutItemCommand({ TableName: table, Item: { PK: { S: 'p' }, SK: { S: 's' }, ...attributes } }));

  const stored = async () => {
    const Key = { PK: { S: 'p' }, SK: { S: 's' } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key }));
    return Item;
  };

  const versionNow = async () => (await store.get('p', 's'))?.version ?? '';

  const expectChanged = (version: string) =>
    expectFailure(store.put({ PK: 'p', SK: 's', by: 'us' }, { version }), 'metadata_precondition_failed', 'permanent');

  test('ours are plain for other readers, with one attribute of the service beside them', async () => {
    await store.put({
      PK: 'p',
      SK: 's',
      status: 'completed',
      message_count: 3,
      list: [1, null],
      ok: true,
      map: { a: '' },
    });

    expect(await stored()).toEqual({
      PK: { S: 'p' },
      SK: { S: 's' },
      status: { S: 'completed' },
      message_count: { N: '3' },
      list: { L: [{ N: '1' }, { NULL: true }] },
      ok: { BOOL: true },
      map: { M: { a: { S: '' } } },
      _etag: { S: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  test("another writer's are read as JSON, without the attributes that no item here may have", async () => {
    await write({
      id: { S: 'theirs' },
      tags: { SS: ['a', 'b'] },
      count: { N: '12.50' },
      bytes: { B: Buffer.from('ab') },
      map: { M: { deep: { L: [{ N: '9007199254740993' }] } } },
    });

    const expected = {
      PK: 'p',
      SK: 's',
      tags: ['a', 'b'],
      count: 12.5,
      bytes: 'YWI=',
      map: { deep: [9007199254740992] },
    };
    expect((await store.get('p', 's'))?.item).toEqual(expected);
    expect((await store.query({ partition: 'p' })).items).toEqual([expected]);
  });

  test('words of the expressions and names with dots can be asked for', async () => {
    const item = { PK: 'p', SK: 's', status: 's', name: 'n', size: 1, 'a.b': 2, 'c[0]': 3, '#0': 4, ':x': 5 };
    await store.put({ ...item, other: 6 });

    const attributes = ['status', 'name', 'size', 'a.b', 'c[0]', '#0', ':x', '_etag'];
    const { items } = await store.query({ partition: 'p', attributes });

    expect(items).toEqual([item]);
  });

  describe("versions of another writer's items", () => {
    const THEIRS = {
      updated_at: { S: '2025-08-11' },
      count: { N: '1' },
      tags: { SS: ['a'] },
      blob: { B: Buffer.from('x') },
    };

    test('hold while nothing has changed', async () => {
      await write(THEIRS);

      await store.put({ PK: 'p', SK: 's', by: 'us' }, { version: await versionNow() });

      expect((await store.get('p', 's'))?.item).toEqual({ PK: 'p', SK: 's', by: 'us' });
    });

    test('do not hold when they have put another', async () => {
      await write(THEIRS);
      const version = await versionNow();
      await write({ ...THEIRS, count: { N: '2' } });

      await expectChanged(version);
    });

    test('do not hold when we have put another', async () => {
      await write({});
      const version = await versionNow();
      await store.put({ PK: 'p', SK: 's' });

      await expectChanged(version);
    });

    test('of an item that is gone, do not hold', async () => {
      await write({});
      const version = (await versionNow()).replace('"s"', '"gone"');

      const put = store.put({ PK: 'p', SK: 'gone' }, { version });

      await expectFailure(put, 'metadata_precondition_failed', 'permanent');
    });

    test('can be of very many attributes', async () => {
      const many = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`attribute ${i}`, { N: String(i) }]));
      await write(many);

      await store.put({ PK: 'p', SK: 's' }, { version: await versionNow() });
    });
  });

  test('our version does not hold when another writer has put over ours', async () => {
    await store.put({ PK: 'p', SK: 's', n: 1 });
    const version = await versionNow();
    await write({ n: { N: '1' } });

    await expectChanged(version);
  });

  test.each(['', 'gibberish', 'null', '[]', '["s"]', '["s",1]', '["s",null]', '["s",null,[]]', '{"0":"s"}'])(
    'the version %j holds for nothing',
    async (version) => {
      await store.put({ PK: 'p', SK: 's' });

      await expectChanged(version);
    },
  );

  test.each(['gibberish', 'null', '{}', '{"after":1}', '[]'])('the continuation %j is refused', async (token) => {
    await expectFailure(store.query({ partition: 'p' }, token), 'metadata_request_invalid', 'permanent');
  });

  test('an item over 400 KB is refused, and says so', async () => {
    const put = store.put({ PK: 'p', SK: 's', text: 'x'.repeat(400 * 1024) });

    const error = await expectFailure(put, 'metadata_request_invalid', 'permanent');

    expect(error.message).toContain('size');
    expect(await stored()).toBeUndefined();
  });

  test.each([
    ['PK', { PK: 'x'.repeat(2049), SK: 's' }],
    ['SK', { PK: 'p', SK: 'x'.repeat(1025) }],
  ])('a %s that is too long is refused, and says so', async (_, item) => {
    const error = await expectFailure(store.put(item), 'metadata_request_invalid', 'permanent');

    expect(error.message).toMatch(/size|length/i);
  });

  test('a table with other keys is a configuration', async () => {
    const other = `${table}-other`;
    await client.send(
      new CreateTableCommand({
        TableName: other,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      }),
    );
    const { region, dynamodb } = sharedAws();
    const wrong = createDynamoMetadataStore({ region, table: other, endpoint: dynamodb.endpoint });

    for (const call of [
      () => wrong.get('p', 's'),
      () => wrong.query({ partition: 'p' }),
      () => wrong.put({ PK: 'p', SK: 's' }),
    ]) {
      const error = await expectFailure(call(), 'metadata_request_invalid', 'configuration');
      expect(error.message).toContain('partition key PK and the sort key SK');
    }
    wrong.dispose();
  });
});

test('reads are strongly consistent', async () => {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    bodies.push(await text(request));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = createDynamoMetadataStore({ region: sharedAws().region, table: 'any', endpoint });

  await store.get('p', 's');
  await store.query({ partition: 'p' });

  store.dispose();
  server.close();
  expect(bodies.map((body) => JSON.parse(body).ConsistentRead)).toEqual([true, true]);
});

test('without credentials anywhere, a call is a configuration that says where they come from', async () => {
  const { region, dynamodb } = sharedAws();
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/no/such/file',
    AWS_SHARED_CREDENTIALS_FILE: '/no/such/file',
  });
  try {
    const store = createDynamoMetadataStore({ region, table: 'any', endpoint: dynamodb.endpoint });

    const error = await expectFailure(store.get('p', 's'), 'metadata_access_denied', 'configuration');

    expect(error.message).toContain('aws sso login');
    store.dispose();
  } finally {
    process.env = before;
  }
});
