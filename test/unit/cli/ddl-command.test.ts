import { CliWorld, ENVIRONMENT } from './cli-world';

// `makoto-batch ddl`, which asks no service: neither store of the world has anything.

const world = new CliWorld();

const AWS = { S3_BUCKET_NAME: 'the-bucket', AWS_DEFAULT_REGION: 'ap-northeast-1', TENANT_ID: 'acme' };
const CONNECTION =
  'DefaultEndpointsProtocol=https;AccountName=account;AccountKey=c2VjcmV0LWtleQ==;EndpointSuffix=core.windows.net';
const { AZURE_STORAGE_ACCOUNT_URL: _url, ...WITHOUT_STORAGE } = ENVIRONMENT;

test.each([
  ['athena', AWS, 's3://the-bucket/acme/analytics/rooms/'],
  ['duckdb', AWS, 's3://the-bucket/acme/analytics/rooms/year='],
  ['databricks', AWS, 's3://the-bucket/acme/analytics/rooms'],
  ['synapse', ENVIRONMENT, 'https://example.blob.core.windows.net/makoto-messages/acme/analytics/rooms/year='],
  ['fabric', ENVIRONMENT, 'https://example.blob.core.windows.net/makoto-messages/acme/analytics/rooms/year='],
  ['databricks', ENVIRONMENT, 'abfss://makoto-messages@example.dfs.core.windows.net/acme/analytics/rooms'],
  ['duckdb', ENVIRONMENT, 'az://example.blob.core.windows.net/makoto-messages/acme/analytics/rooms/year='],
] as const)('%s is told where the output is by the settings', async (engine, env, address) => {
  const { code, stdout } = await world.run(['ddl', engine, '--tenant', 'acme'], { env });

  expect(code).toBe(0);
  expect(stdout.text).toContain(`'${address}`);
});

test('a connection string gives the account’s address, and nothing secret', async () => {
  const env = { ...WITHOUT_STORAGE, AZURE_STORAGE_CONNECTION_STRING: CONNECTION, ANALYTICS_CONTAINER: 'of-{tenant}' };

  const { code, stdout, stderr } = await world.run(['ddl', 'synapse', '--tenant', 'acme'], { env });

  expect(code).toBe(0);
  expect(stdout.text).toContain('https://account.blob.core.windows.net/of-acme/acme/analytics/messages/');
  expect(stdout.text + stderr.text).not.toContain('c2VjcmV0');
});

test('neither settings nor a service are needed where the tenant and the address are given', async () => {
  const args = ['ddl', 'duckdb', '--tenant', 'acme', '--location', '.makoto/output', '--dataset', 'rooms'];

  const { code, stdout } = await world.run(args, { env: {} });

  expect(code).toBe(0);
  expect(stdout.text).toContain("'.makoto/output/acme/analytics/rooms/year=*/month=*/day=*/*.parquet'");
  expect(stdout.text).not.toContain('"messages"');
});

test('there are statements for every tenant of the settings, and of whole months', async () => {
  const env = { ...AWS, TENANT_ID: 'acme, other' };

  const { code, stdout } = await world.run(['ddl', 'athena', '--monthly', '--json'], { env });

  const { status, engine, statements } = stdout.lastJson;
  expect({ code, status, engine }).toEqual({ code: 0, status: 'completed', engine: 'athena' });
  expect(stdout.lines).toHaveLength(1);
  for (const tenant of ['acme', 'other'])
    expect(statements).toContain(`LOCATION 's3://the-bucket/${tenant}/analytics/monthly/rooms/'`);
});

test.each([
  [['athena', '--tenant', 'acme'], ENVIRONMENT, /--location: is needed.*https:\/\/example.*s3:\/\/bucket/],
  [['synapse', '--tenant', 'acme'], AWS, /--location: is needed.*s3:\/\/the-bucket/],
  [['athena'], ENVIRONMENT, /--tenant: is needed/],
  [['athena', '--tenant', "a'b"], AWS, /--tenant: The tenant id "a'b" holds "'"/],
  [['athena', '--tenant', 'a', '--location', "s3://b/'"], AWS, /--location: expected an address of letters/],
  [['athena', '--tenant', 'a', '--location', 'https://b'], AWS, /--location: expected s3:\/\/bucket/],
  [['duckdb', '--tenant', 'a', '--location', 'out*put'], AWS, /--location: expected an address of letters/],
  [
    ['athena', '--tenant', 'a', '--dataset', 'chats'],
    AWS,
    /--dataset: expected one of messages, rooms, users, summary/,
  ],
  [['oracle', '--tenant', 'a'], AWS, /Allowed choices are athena, synapse/],
] as const)('%s is wrong, and it is said why', async (args, env, problem) => {
  const { code, stdout, stderr } = await world.run(['ddl', ...args], { env });

  expect(code).toBe(2);
  expect(stderr.text).toMatch(problem);
  expect(stdout.text).toBe('');
});

test('a stand-in of the storage is no address for an engine elsewhere', async () => {
  const local =
    'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:10000/devstoreaccount1';
  const env = { ...WITHOUT_STORAGE, AZURE_STORAGE_CONNECTION_STRING: local };

  const { code, stderr } = await world.run(['ddl', 'duckdb', '--tenant', 'acme'], { env });

  expect(code).toBe(2);
  expect(stderr.text).toMatch(/--location: is needed.*without a public address/);
});
