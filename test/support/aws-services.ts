import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startDynalite } from '../../local/services/dynalite';
import { startMoto } from '../../local/services/moto';

/** The stand-ins for AWS's services that all suites share, as settings of the app. */
export interface SharedAws {
  readonly region: string;
  /** Of no account: the stand-ins take any. They are in the environment too, where AWS's own clients look for them. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly dynamodb: { readonly endpoint: string };
  /** S3, Secrets Manager and the rest; undefined where python3 has no moto.server. */
  readonly moto: { readonly endpoint: string } | undefined;
}

const REGION = 'ap-northeast-1';
const CREDENTIALS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'of no account, for stand-ins only' };

/** How the global setup, in the parent process, tells the test processes where the services are. */
const DYNAMODB = 'MAKOTO_TEST_DYNAMODB_ENDPOINT';
const MOTO = 'MAKOTO_TEST_MOTO_ENDPOINT';

export const WITHOUT_MOTO = "not run: python3 has no moto.server (pip install 'moto[server]')";

/** Starts them, for the global setup. */
export async function startAwsServices(): Promise<{ stop(): Promise<void> }> {
  const [dynalite, moto] = await Promise.all([startDynalite(), startMoto()]);
  process.env[DYNAMODB] = dynalite.endpoint;
  process.env[MOTO] = moto?.endpoint ?? '';
  process.env.AWS_ACCESS_KEY_ID = CREDENTIALS.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = CREDENTIALS.secretAccessKey;
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_PROFILE']) delete process.env[name];
  if (moto === undefined) process.stderr.write(`The suites on S3 and Secrets Manager are ${WITHOUT_MOTO}\n`);
  return {
    stop: async () => {
      await Promise.all([dynalite.stop(), moto?.stop()]);
    },
  };
}

/** The stand-ins for AWS that all suites share. Make buckets and tables of your own in them. */
export function sharedAws(): SharedAws {
  const { [DYNAMODB]: dynamodb, [MOTO]: moto } = process.env;
  if (dynamodb === undefined || moto === undefined) {
    throw new Error(`No stand-ins for AWS: ${DYNAMODB} is not set. Only the projects with a globalSetup have them.`);
  }
  return {
    region: REGION,
    credentials: CREDENTIALS,
    dynamodb: { endpoint: dynamodb },
    moto: moto === '' ? undefined : { endpoint: moto },
  };
}

/** Where moto is, for a suite of {@link describeWithMoto}. */
export function motoEndpoint(): string {
  const { moto } = sharedAws();
  if (moto === undefined) throw new Error(`The suite needs moto; ${WITHOUT_MOTO}.`);
  return moto.endpoint;
}

/** `describe` for a suite that needs moto: without moto, the suite is one skipped test that says so. */
export function describeWithMoto(name: string, suite: () => void): void {
  if (sharedAws().moto !== undefined) describe(name, suite);
  else {
    describe(name, () => {
      // biome-ignore lint/suspicious/noSkippedTests: told here, and by the global setup; a passing test would hide it
      test.skip(WITHOUT_MOTO, () => {});
    });
  }
}

/** Makes a bucket with a name that no other suite has. */
export async function newBucket(label = 'test'): Promise<string> {
  const name = `${label}-${randomUUID()}`;
  const { region, credentials } = sharedAws();
  const client = new S3Client({ region, credentials, endpoint: motoEndpoint(), forcePathStyle: true });
  const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
  await client.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration }));
  client.destroy();
  return name;
}

/** Makes a metadata table (PK and SK, both strings) with a name that no other suite has. */
export async function newTable(label = 'test'): Promise<string> {
  const name = `${label}-${randomUUID()}`;
  const { region, credentials, dynamodb } = sharedAws();
  const client = new DynamoDBClient({ region, credentials, endpoint: dynamodb.endpoint });
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'PK', KeyType: 'HASH' },
        { AttributeName: 'SK', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'PK', AttributeType: 'S' },
        { AttributeName: 'SK', AttributeType: 'S' },
      ],
    }),
  );
  // One that is still being created is answered as one that is not there.
  let active = false;
  while (!active) active = await isActive(client, name);
  client.destroy();
  return name;
}

async function isActive(client: DynamoDBClient, name: string): Promise<boolean> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  return Table?.TableStatus === 'ACTIVE';
}
