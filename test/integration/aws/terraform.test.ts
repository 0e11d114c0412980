import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { requestOfEvent } from '../../../aws-fallback/events';
import { type Moto, startMoto } from '../../../local/services/moto';
import { loadSettings } from '../../../shared/settings';
import { describeWithMoto, WITHOUT_MOTO } from '../../support/aws-services';
import { actionsOf, isAllowed, listOf, type Policy } from '../../unit/aws-infrastructure/policies';
import { Deployment, readTemplate, WITH_SYNC } from '../../unit/aws-infrastructure/template';
import { REGION, TerraformProject, withoutTerraform } from './terraform-project';

type Fields = Readonly<Record<string, unknown>>;

interface Found {
  readonly rules: Readonly<
    Record<string, { Arn: string; State: string; ScheduleExpression?: string; EventPattern?: string }>
  >;
  readonly targets: Readonly<Record<string, readonly Target[]>>;
  readonly functions: Readonly<Record<string, Fields & { Environment: { Variables: Record<string, string> } }>>;
  readonly roles: Readonly<Record<string, readonly Policy[]>>;
  readonly queues: readonly Fields[];
  readonly logs: Readonly<Record<string, number>>;
  readonly alarms: Readonly<Record<string, Fields>>;
  readonly topics: readonly string[];
  readonly subscriptions: readonly Fields[];
  readonly secrets: Readonly<Record<string, Fields>>;
  readonly received: Readonly<Record<string, readonly unknown[]>>;
  readonly stopped: Readonly<Record<string, string>>;
}

interface Target {
  readonly Arn: string;
  readonly InputTransformer?: { readonly InputPathsMap: Record<string, string>; readonly InputTemplate: string };
  readonly RetryPolicy: Fields;
  readonly DeadLetterConfig: { readonly Arn: string };
}

const VARIABLES = {
  bucket_name: 'makoto-messages',
  tenant_id: '*',
  database: { host: 'db.example.com' },
  vpc: { subnet_ids: ['subnet-1'], security_group_ids: ['sg-1'] },
  alarm_email: 'operators@example.com',
};

const manual = (detail: object) => ({
  Source: 'batch-scheduler',
  DetailType: 'manual-trigger',
  Detail: JSON.stringify(detail),
});

const PUT = [
  manual({ job: 'export', target_date: '2025-08-11', tenants: ['acme'], force: true }),
  manual({ job: 'youtube' }),
  manual({ job: 'import' }),
  manual({ target_date: '2025-08-11' }),
  { Source: 'somebody-else', DetailType: 'manual-trigger', Detail: '{"job": "export"}' },
  { Source: 'batch-scheduler', DetailType: 'something-else', Detail: '{"job": "export"}' },
];

const missing = withoutTerraform();
if (missing !== undefined) {
  describe('the Terraform module', () => {
    // biome-ignore lint/suspicious/noSkippedTests: told here; a passing test would hide it
    test.skip(missing, () => {});
  });
} else {
  describeWithMoto('the Terraform module', suite);
}

function suite(): void {
  let moto: Moto | undefined;
  let project: TerraformProject;
  let plans: { readonly code: number | null; readonly output: string };
  let found: Found;

  beforeAll(async () => {
    // One of its own: what others make there is not what this deployment made.
    moto = await startMoto();
    if (moto === undefined) throw new Error(WITHOUT_MOTO);
    project = new TerraformProject(moto.endpoint, VARIABLES);
    await project.init();
    await project.succeed('validate', '-no-color');
    await project.succeed('apply', '-auto-approve', '-input=false', '-no-color');
    plans = await project.run('plan', '-detailed-exitcode', '-input=false', '-no-color');
    found = readBack(moto.endpoint);
  }, 300_000);

  afterAll(async () => {
    project?.dispose();
    await moto?.stop();
  });

  const settings = () =>
    loadSettings({ ...found.functions['makoto-batch-youtube']?.Environment.Variables, AWS_DEFAULT_REGION: REGION });

  test('is written as terraform fmt writes it', async () => {
    const { code, output } = await project.run('fmt', '-check', '-recursive', '-diff', '../..');

    expect({ code, output }).toEqual({ code: 0, output: '' });
  });

  test('a second plan has nothing to do', () => {
    expect(plans).toEqual({ code: 0, output: expect.stringContaining('No changes') });
  });

  test('functions are those of the template, and take their settings', () => {
    const names = Object.keys(found.functions).sort();

    expect(names).toEqual(['makoto-batch-export', 'makoto-batch-youtube']);
    for (const each of Object.values(found.functions)) {
      expect(each).toMatchObject({
        Runtime: 'nodejs22.x',
        Architectures: ['arm64'],
        Timeout: 900,
        MemorySize: 1769,
        Handler: 'main.handler',
        VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] },
        Invoke: { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure: { Destination: queueArn() } } },
      });
    }
    expect(settings()).toMatchObject({
      tenants: '*',
      dataContainer: 'makoto-messages',
      database: { host: 'db.example.com', ssl: 'require' },
      cloud: { kind: 'aws', databaseSecret: 'makoto-batch/database', youtubeSecret: 'makoto-batch/youtube' },
    });
  });

  test.each([
    ['export', 'cron(0 17 * * ? *)', 'ENABLED', '2025-08-11T17:00:00Z', '2025-08-11'],
    ['youtube', 'cron(0 15 * * ? *)', 'ENABLED', '2025-08-11T15:00:00Z', '2025-08-12'],
    ['youtube-noon', 'cron(0 3 * * ? *)', 'DISABLED', '2025-08-12T03:00:00Z', '2025-08-12'],
    ['youtube-evening', 'cron(0 9 * * ? *)', 'DISABLED', '2025-08-12T09:00:00Z', '2025-08-12'],
  ])('the rule of %s starts its function, with an event that it reads', (name, cron, state, time, date) => {
    const [job = ''] = name.split('-');
    const rule = found.rules[`makoto-batch-${name}`];
    const [target, ...more] = found.targets[`makoto-batch-${name}`] ?? [];

    const event: unknown = JSON.parse(target?.InputTransformer?.InputTemplate.replace('<time>', `"${time}"`) ?? '');
    const request = requestOfEvent(event, { settings: settings(), clock: { now: () => Date.parse(time) + 3_600_000 } });

    expect(rule).toMatchObject({ ScheduleExpression: cron, State: state });
    expect(more).toEqual([]);
    expect(target).toMatchObject({
      Arn: expect.stringMatching(`:function:makoto-batch-${job}$`),
      RetryPolicy: { MaximumRetryAttempts: 20, MaximumEventAgeInSeconds: 3600 },
      DeadLetterConfig: { Arn: queueArn() },
      InputTransformer: { InputPathsMap: { time: '$.time' } },
    });
    expect(request).toMatchObject({ job, date, scheduledAt: expect.stringContaining(time.slice(0, 19)) });
  });

  test('every rule may start the function of its target, and nothing else may', () => {
    for (const [name, targets] of Object.entries(found.targets)) {
      const [target] = targets;
      const job = /:function:(makoto-batch-\w+)$/.exec(target?.Arn ?? '')?.[1] ?? '';
      expect([name, permissionsOf(job)]).toEqual([name, expect.arrayContaining([found.rules[name]?.Arn])]);
    }
    const permitted = Object.keys(found.functions).flatMap(permissionsOf);
    expect(permitted.sort()).toEqual(
      Object.values(found.rules)
        .map(({ Arn }) => Arn)
        .sort(),
    );
  });

  test('put-events reaches the parser of the function that it means', () => {
    const { 'makoto-batch-manual-export': exports = [], 'makoto-batch-manual-youtube': syncs = [] } = found.received;
    const tools = { settings: settings(), clock: { now: () => Date.parse('2025-08-12T03:00:00Z') } };

    const [asked, wrong, none] = exports;
    const [sync] = syncs;

    expect([exports.length, syncs.length]).toEqual([3, 1]);
    expect(requestOfEvent(asked, tools)).toEqual({ job: 'export', date: '2025-08-11', tenants: ['acme'], force: true });
    expect(requestOfEvent(sync, tools)).toMatchObject({ job: 'youtube', date: '2025-08-12' });
    for (const each of [wrong, none])
      expect(() => requestOfEvent(each, tools)).toThrow(/detail\.job.*A right one is \{/);
  });

  test('aws events disable-rule stops the schedule that it names', () => {
    expect(found.stopped).toMatchObject({ 'makoto-batch-export': 'DISABLED', 'makoto-batch-youtube': 'ENABLED' });
  });

  test('logs are kept for 30 days, and for 7 days', () => {
    expect(found.logs).toEqual({ '/aws/lambda/makoto-batch-export': 30, '/aws/lambda/makoto-batch-youtube': 7 });
  });

  test('alarms are those of the template', () => {
    const ofTheTemplate = new Deployment(readTemplate(), WITH_SYNC).resources('AWS::CloudWatch::Alarm');
    const sealed = found.alarms['makoto-batch-day-not-sealed'];
    const [alarm] = [...ofTheTemplate.values()].filter(({ AlarmName }) => AlarmName === 'makoto-batch-day-not-sealed');

    expect(Object.keys(found.alarms).sort()).toEqual(
      [...ofTheTemplate.values()].map(({ AlarmName }) => AlarmName).sort(),
    );
    for (const each of Object.values(found.alarms)) expect(each.AlarmActions).toEqual(found.topics);
    expect(sealed).toMatchObject({ TreatMissingData: 'breaching', Threshold: 1, Metrics: alarm?.Metrics });
    expect(found.alarms['makoto-batch-export-duration']).toMatchObject({
      MetricName: 'Duration',
      Statistic: 'Maximum',
      Threshold: 600000,
      Dimensions: [{ Name: 'FunctionName', Value: 'makoto-batch-export' }],
    });
    expect(found.subscriptions).toEqual([
      expect.objectContaining({ Protocol: 'email', Endpoint: 'operators@example.com' }),
    ]);
  });

  test('failed events go to an encrypted queue, and only rules and functions may send there', () => {
    const [queue] = found.queues;

    const { Statement } = JSON.parse(String(queue?.Policy)) as { Statement: readonly Fields[] };

    expect(queue).toMatchObject({ SqsManagedSseEnabled: 'true', MessageRetentionPeriod: '1209600' });
    const [allowed] = Statement.filter(({ Effect }) => Effect === 'Allow');
    const { ArnEquals } = (allowed?.Condition ?? {}) as { ArnEquals: Record<string, string[]> };
    expect([...(ArnEquals['aws:SourceArn'] ?? [])].sort()).toEqual(
      Object.values(found.rules)
        .map(({ Arn }) => Arn)
        .sort(),
    );
  });

  test('secrets are made, and have no value', () => {
    expect(Object.keys(found.secrets).sort()).toEqual(['makoto-batch/database', 'makoto-batch/youtube']);
    for (const { SecretVersionsToStages } of Object.values(found.secrets))
      expect(SecretVersionsToStages ?? {}).toEqual({});
  });

  test.each(['export', 'youtube'])('the role of the %s allows what the template allows', (job) => {
    const parameters = { ...WITH_SYNC, SubnetIds: 'subnet-1', SecurityGroupIds: 'sg-1' };
    const roles = new Deployment(readTemplate(), parameters).resources('AWS::IAM::Role');
    const ofTheTemplate = roles.get(job === 'export' ? 'ExportRole' : 'YoutubeRole')?.Policies as unknown as Policy[];
    const policies = found.roles[`makoto-batch-${job}`] ?? [];

    const data = (of: readonly Policy[]) =>
      of.filter(({ PolicyName }) => PolicyName === 'data').flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

    expect(actionsOf(policies)).toEqual(actionsOf(ofTheTemplate));
    expect(data(policies).map(withoutSecrets)).toEqual(data(ofTheTemplate).map(withoutSecrets));
    const secret = {
      action: 'secretsmanager:GetSecretValue',
      resource: String(found.secrets['makoto-batch/youtube']?.ARN),
    };
    expect(isAllowed(policies, secret)).toBe(job === 'youtube');
  });

  const queueArn = () => String(found.queues[0]?.QueueArn);

  const permissionsOf = (name: string) => {
    const statements = (found.functions[name]?.Permissions ?? []) as readonly { Condition: { ArnLike: Fields } }[];
    return statements.map(({ Condition }) => String(Condition.ArnLike['AWS:SourceArn']));
  };

  test.each([
    ['a table that is none', { table_name: 'x' }, 'The name of a table'],
    ['a database without TLS', { database: { host: 'db.example.com', ssl: 'disable' } }, 'ssl is require or no-verify'],
    ['a network without a subnet', { vpc: { subnet_ids: [], security_group_ids: ['sg-1'] } }, 'At least one subnet'],
  ])('%s is refused', async (_, wrong, message) => {
    project.set({ ...VARIABLES, ...wrong });

    const { code, output } = await project.run('plan', '-input=false', '-no-color', '-refresh=false');

    expect(code).toBe(1);
    expect(output.replaceAll(/\s*│\s*/g, ' ')).toContain(message);
  });
}

function withoutSecrets({ Sid, Action, Resource, Condition }: Policy['PolicyDocument']['Statement'][number]) {
  const what = { Sid, Action: [...listOf(Action)].sort(), Condition };
  // The template's own are names here, and not what AWS would make of them.
  return Sid === 'Secrets' ? what : { ...what, Resource: listOf(Resource) };
}

function readBack(endpoint: string): Found {
  const script = join(__dirname, 'read-back.py');
  const { status, stdout, stderr } = spawnSync('python3', [script, endpoint, REGION, JSON.stringify(PUT)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`read-back.py ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout) as Found;
}
