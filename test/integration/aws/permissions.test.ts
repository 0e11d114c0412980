import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { sampleCatalogue } from '../../../local/cli/sample-services';
import { startYoutubeApi, type YoutubeApiStandIn } from '../../../local/youtube/youtube-api-server';
import { runInline } from '../../../shared/batch/inline-engine';
import { scheduledRequest } from '../../../shared/batch/scheduled-request';
import { systemClock } from '../../../shared/local/system-clock';
import { createAwsPlatform } from '../../../shared/platform-aws';
import { loadSettings } from '../../../shared/settings';
import { describeWithMoto, motoEndpoint, sharedAws } from '../../support/aws-services';
import { newAwsWorld } from '../../support/aws-world';
import { type FaultProxy, type SeenRequest, startFaultProxy } from '../../support/fault-proxy';
import { newDatabase } from '../../support/postgres-databases';
import { putChat, putObject, registerTenant, type ServiceWorld } from '../../support/service-world';
import { type Asked, actionsOf, isAllowed, type Policy } from '../../unit/aws-infrastructure/policies';
import { Deployment, readTemplate } from '../../unit/aws-infrastructure/template';

const DATE = '2025-08-11';
const YOUTUBE_KEY = 'a-key-that-the-stand-in-takes';
const SECRETS = { DatabaseSecretName: 'permissions/database', YoutubeSecretName: 'permissions/youtube' };
const ACCOUNT = '123456789012';

const NIGHT = '2025-08-13T17:00:00.000Z';
/** What a night leaves beside the day's output. */
const RECORDS = [
  ['TENANT#acme#BATCH', `DAILY#${DATE}`],
  ['TENANT#acme#BATCH', 'LEASE#2025-08-13'],
  ['SYSTEM#BATCH', `RUN#${NIGHT}#export-2025-08-13`],
] as const;

/** Only parts of over 16 MB are written in pieces, and only a write that failed takes them back. */
const NOT_MET = ['s3:AbortMultipartUpload'];

describeWithMoto('what the roles of the template allow', () => {
  let world: ServiceWorld;
  let aws: FaultProxy;
  let dynamo: FaultProxy;
  let youtube: YoutubeApiStandIn;
  let settings: Record<string, string>;

  beforeAll(async () => {
    const catalogue = sampleCatalogue(Date.now());
    const channels = catalogue.channels().map(({ id }) => id);
    const [database, started] = await Promise.all([
      newDatabase('permissions'),
      startYoutubeApi({ catalogue, apiKeys: [YOUTUBE_KEY], now: Date.now }),
    ]);
    youtube = started;
    world = await newAwsWorld();
    aws = await startFaultProxy(motoEndpoint());
    dynamo = await startFaultProxy(sharedAws().dynamodb.endpoint);
    await registerTenant(world, 'acme', { youtube_channel_ids: channels.slice(0, 1) });
    for (const room of ['r1', 'r2']) await putChat(world, 'acme', 'alice', room, `m-${room}`, `${DATE}T03:00:00.000Z`);
    await putSecrets(database.DB_PASSWORD);
    const { DB_PASSWORD: _inTheSecret, ...place } = database;
    settings = {
      ...world.settings,
      ...place,
      AWS_ENDPOINT_URL: aws.origin,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.origin,
      DB_SECRET_NAME: SECRETS.DatabaseSecretName,
      YOUTUBE_SECRET_NAME: SECRETS.YoutubeSecretName,
      YOUTUBE_API_URL: youtube.url,
    };
  });

  beforeEach(() => {
    aws.reset();
    dynamo.reset();
  });

  afterAll(async () => {
    await world?.platform.dispose();
    await Promise.all([aws?.stop(), dynamo?.stop(), youtube?.stop()]);
  });

  const policies = (role: string) => {
    const { S3_BUCKET_NAME = '', DYNAMODB_TABLE_NAME = '' } = world.settings;
    const parameters = {
      S3BucketName: S3_BUCKET_NAME,
      MetadataTableName: DYNAMODB_TABLE_NAME,
      DatabaseHost: 'db',
      ...SECRETS,
    };
    const { Policies } = new Deployment(readTemplate(), parameters).resources('AWS::IAM::Role').get(role) ?? {};
    return (Policies as unknown as Policy[]).filter(({ PolicyName }) => PolicyName === 'data');
  };

  const asked = () => [
    ...aws.requests.flatMap(askedOfAws),
    ...dynamo.requests.map((request) => askedOfDynamo(request, world.settings.DYNAMODB_TABLE_NAME ?? '')),
  ];

  const expectAll = (role: string) => {
    const requests = asked();
    const used = [...new Set(requests.map(({ action }) => action))].sort();
    expect(requests.filter((request) => !isAllowed(policies(role), request))).toEqual([]);
    expect(used).toEqual(actionsOf(policies(role)).filter((action) => !NOT_MET.includes(action)));
  };

  test.each(['fast', 'sdk'])('is what exports ask for, and no more: the reader is %s', async (reader) => {
    const night = { now: () => Date.parse(NIGHT), sleep: systemClock.sleep };
    const platform = createAwsPlatform(loadSettings({ ...settings, STORAGE_READER: reader }), { clock: night });
    const request = { job: 'export', date: DATE, force: true } as const;

    const first = await runInline(platform, request);
    await putChat(world, 'acme', 'alice', 'r1', `late-${reader}`, `${DATE}T04:00:00.000Z`);
    const second = await runInline(platform, scheduledRequest('export', platform));

    await platform.dispose();
    expect([first.status, second.status]).toEqual(['completed', 'completed']);
    expect(second.tenants).toMatchObject([{ lateDays: [{ date: DATE, added: 1 }] }]);
    for (const [partition, sortKey] of RECORDS)
      expect((await world.platform.metadata.get(partition, sortKey))?.item.SK).toBe(sortKey);
    expectAll('ExportRole');
  });

  test('is what syncs ask for, and no more', async () => {
    const platform = createAwsPlatform(loadSettings(settings));
    const old = ['csv/2020-01-01T00-00-00-000Z/videos.csv', '_work/videos/2020-01-01T00-00-00-000Z/x/y.json'];
    for (const name of old) await putObject(world.platform.analyticsStore('acme'), `acme/youtube/${name}`, '{}');

    const first = await runInline(platform, scheduledRequest('youtube', platform));
    const second = await runInline(platform, { ...scheduledRequest('youtube', platform), force: true });

    await platform.dispose();
    expect([first, second]).toMatchObject([{ status: 'completed' }, { status: 'completed' }]);
    const deleted = aws.requests.filter(({ method }) => method === 'DELETE').map(({ url }) => decodeURIComponent(url));
    for (const name of old) expect(deleted.filter((url) => url.includes(`/acme/youtube/${name}`))).toHaveLength(1);
    expectAll('YoutubeRole');
  });
});

async function putSecrets(password: string): Promise<void> {
  const { region, credentials } = sharedAws();
  const client = new SecretsManagerClient({ region, credentials, endpoint: motoEndpoint() });
  const put = (Name: string, value: object) =>
    client.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
  await put(SECRETS.DatabaseSecretName, { password });
  await put(SECRETS.YoutubeSecretName, { api_key: YOUTUBE_KEY });
  client.destroy();
}

function askedOfDynamo({ headers }: SeenRequest, table: string): Asked {
  const target = String(headers['x-amz-target']).replace('DynamoDB_20120810.', 'dynamodb:');
  return { action: target, resource: `arn:aws:dynamodb:${sharedAws().region}:${ACCOUNT}:table/${table}` };
}

/** What S3 and Secrets Manager ask IAM about a request. What is not there S3 looks for among what may be listed, by its key. */
function askedOfAws({ method, url, headers }: SeenRequest): Asked[] {
  const target = headers['x-amz-target'];
  if (target !== undefined) {
    // Which secret is in the body: every one that the role may read has this form.
    const secret = `arn:aws:secretsmanager:${sharedAws().region}:${ACCOUNT}:secret:${SECRETS.YoutubeSecretName}-a1b2c3`;
    return [{ action: String(target).replace('.', ':'), resource: secret }];
  }
  const { pathname, searchParams } = new URL(url, 'http://s3');
  const [, bucket = '', ...parts] = pathname.split('/');
  const key = decodeURIComponent(parts.join('/'));
  const bucketArn = `arn:aws:s3:::${bucket}`;
  const listing = (prefix: string) => ({
    action: 's3:ListBucket',
    resource: bucketArn,
    context: { 's3:prefix': prefix },
  });
  if (key === '') return [listing(searchParams.get('prefix') ?? '')];
  const itself = (action: string) => ({ action, resource: `${bucketArn}/${key}` });
  if (method === 'GET' || method === 'HEAD') return [itself('s3:GetObject'), listing(key)];
  if (method === 'DELETE')
    return [itself(searchParams.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject')];
  return [itself('s3:PutObject')];
}
