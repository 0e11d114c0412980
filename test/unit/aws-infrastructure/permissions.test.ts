import { runInline } from '../../../shared/batch/inline-engine';
import { scheduledRequest } from '../../../shared/batch/scheduled-request';
import { recorded } from '../../support/store-spies';
import { worldWithSample } from '../aws-fallback/aws-world';
import { readText, sourcesIn } from '../docs/documents';
import { actionsOf, askedOfBucket, isAllowed, type Policy } from './policies';
import { Deployment, EVERYTHING, readTemplate, VARIANTS } from './template';

/** What each request of the AWS SDK needs. Source: Service authorization reference, the pages of these services. */
const ACTIONS: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject',
  HeadObject: 's3:GetObject',
  ListObjectsV2: 's3:ListBucket',
  PutObject: 's3:PutObject',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  AbortMultipartUpload: 's3:AbortMultipartUpload',
  DeleteObject: 's3:DeleteObject',
  GetItem: 'dynamodb:GetItem',
  Query: 'dynamodb:Query',
  PutItem: 'dynamodb:PutItem',
  GetSecretValue: 'secretsmanager:GetSecretValue',
};

/** What the services ask for on the batch's behalf, with who asks. */
const OF_THE_PLATFORM: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda, for the log',
  'logs:PutLogEvents': 'Lambda, for the log',
  'sqs:SendMessage': 'Lambda, for dead letters',
  'kms:Decrypt': 'S3, DynamoDB and Secrets Manager, where they have a key of the customer',
  'kms:GenerateDataKey': 'S3, where it has a key of the customer',
  'ec2:CreateNetworkInterface': 'Lambda, in a VPC',
  'ec2:DescribeNetworkInterfaces': 'Lambda, in a VPC',
  'ec2:DescribeSubnets': 'Lambda, in a VPC',
  'ec2:DeleteNetworkInterface': 'Lambda, in a VPC',
  'ec2:AssignPrivateIpAddresses': 'Lambda, in a VPC',
  'ec2:UnassignPrivateIpAddresses': 'Lambda, in a VPC',
  'lambda:CheckpointDurableExecution': 'the durable SDK',
  'lambda:GetDurableExecutionState': 'the durable SDK',
  'lambda:InvokeFunction': 'Lambda, for the durable function that asks for a worker',
};

const template = readTemplate();

function policiesOf(parameters: Readonly<Record<string, string>>, role: string): Policy[] {
  const resource = new Deployment(template, parameters).resources('AWS::IAM::Role').get(role);
  return (resource?.Policies ?? []) as unknown as Policy[];
}

/** Every action of the requests that the adapters can make. */
function usedActions(): string[] {
  const commands = sourcesIn('shared/aws').flatMap((path) =>
    [...readText(path).matchAll(/new (\w+)Command\(/g)].map(([, name = '']) => name),
  );
  return [...new Set(commands.map((name) => ACTIONS[name] ?? `nobody has looked up ${name}`))].sort();
}

test('every action that the code uses is allowed, and no other', () => {
  const allowed = actionsOf(
    ['ExportRole', 'YoutubeRole'].flatMap((role) => policiesOf({ ...EVERYTHING, Engine: 'durable' }, role)),
  );

  const ofTheBatch = allowed.filter((action) => !Object.hasOwn(OF_THE_PLATFORM, action));

  expect(ofTheBatch).toEqual(usedActions());
  expect(Object.keys(OF_THE_PLATFORM).filter((action) => !allowed.includes(action))).toEqual([]);
});

test.each(VARIANTS)('%s: nothing is allowed on everything, but what Lambda asks for in a VPC', (_, parameters) => {
  const statements = ['ExportRole', 'YoutubeRole', 'SchedulerRole']
    .flatMap((role) => policiesOf(parameters, role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

  const wide = statements.filter(({ Resource, Action }) =>
    [Resource, Action].flat().some((each) => /^(\*|\w+:\*)$/.test(each)),
  );

  expect(wide.map(({ Sid }) => Sid)).toEqual(parameters.SubnetIds === undefined ? [] : wide.map(() => 'Network'));
});

test.each([
  ['ExportRole', 'export'],
  ['YoutubeRole', 'youtube'],
])('with the other engine, %s may invoke the workers of its job, and the durable function itself', (role, job) => {
  const policies = policiesOf({ ...EVERYTHING, Engine: 'durable' }, role);
  const other = job === 'export' ? 'youtube' : 'export';
  const invoke = (name: string) => {
    const resource = `arn:aws:lambda:ap-northeast-1:123456789012:function:makoto-batch-${name}:live`;
    return isAllowed(policies, { action: 'lambda:InvokeFunction', resource });
  };

  // The latter runs the tenants of an execution that has too many (aws-fallback/tenant-groups.ts).
  expect([`${job}-worker`, `durable-${job}`].map(invoke)).toEqual([true, true]);
  expect([`${other}-worker`, `durable-${other}`, job].map(invoke)).toEqual([false, false, false]);
});

test('an export may do whatever it does, and no more than that in another place', async () => {
  const world = await worldWithSample();
  const data = recorded(world.data);
  const analytics = recorded(world.data);
  const platform = { ...world.platform(), dataStore: () => data.store, analyticsStore: () => analytics.store };
  const policies = policiesOf(EVERYTHING, 'ExportRole');

  // Twice, so that what a second run of a changed day asks for is there too.
  await runInline(platform, scheduledRequest('export', platform));
  await runInline(platform, { ...scheduledRequest('export', platform), force: true });
  const requests = [
    ...data.calls.flatMap((call) => askedOfBucket('makoto-acme-messages', call)),
    ...analytics.calls.flatMap((call) => askedOfBucket('makoto-analytics', call)),
  ];

  expect(requests.length).toBeGreaterThan(1000);
  expect(requests.filter((request) => !isAllowed(policies, request))).toEqual([]);
  for (const elsewhere of [
    {
      action: 's3:PutObject',
      resource: 'arn:aws:s3:::makoto-acme-messages/acme/chat/u1/r1/messages/2025/08/11/x.json',
    },
    { action: 's3:DeleteObject', resource: 'arn:aws:s3:::makoto-analytics/acme/youtube/csv/x/videos.csv' },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::another/acme/chat/x' },
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::makoto-acme-messages', context: {} },
    { action: 's3:ListBucket', resource: 'arn:aws:s3:::makoto-acme-messages', context: { 's3:prefix': '' } },
    { action: 'dynamodb:PutItem', resource: 'arn:aws:dynamodb:ap-northeast-1:123456789012:table/another' },
    {
      action: 'secretsmanager:GetSecretValue',
      resource: 'arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:of-youtube-a1b2c3',
    },
  ])
    expect([elsewhere, isAllowed(policies, elsewhere)]).toEqual([elsewhere, false]);
});
