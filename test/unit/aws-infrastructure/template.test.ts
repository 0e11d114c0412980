import { requestOfEvent } from '../../../aws-fallback/events';
import type { BatchRequest } from '../../../shared/batch/request';
import { loadSettings } from '../../../shared/settings';
import { NAMESPACE } from '../../../shared/telemetry/embedded-metric';
import { readText, section, tableRows } from '../docs/documents';
import { Deployment, EVERYTHING, EXPORT_ALONE, readTemplate, VARIANTS, WITH_SYNC } from './template';
import { readYaml, type Yaml } from './yaml';

const template = readTemplate();
const settings = loadSettings({
  S3_BUCKET_NAME: 'makoto-messages',
  AWS_DEFAULT_REGION: 'ap-northeast-1',
  DB_HOST: 'db.example.com',
  YOUTUBE_SECRET_NAME: 'makoto-batch/youtube',
});

type Fields = { readonly [key: string]: Yaml };
const DURABLE = { ...WITH_SYNC, Engine: 'durable' };

function deployed(parameters: Readonly<Record<string, string>>, type: string): Fields[] {
  return [...new Deployment(template, parameters).resources(type).values()];
}

/** What the function reads in the event of a schedule that is due at this instant. */
function scheduled(input: Yaml | undefined, at: string): BatchRequest {
  const event: unknown = JSON.parse(String(input).replaceAll('<aws.scheduler.scheduled-time>', at));
  return requestOfEvent(event, { settings, clock: { now: () => Date.parse(at) + 3_600_000 } });
}

test.each(VARIANTS)('%s: every reference leads to something that is made', (_, parameters) => {
  const deployment = new Deployment(template, parameters);
  const outputs = Object.values(template.Outputs).filter(({ Condition }) => Condition === undefined);

  const made = deployment.resources();

  expect(() => deployment.functions()).not.toThrow();
  expect(() => outputs.map((output) => deployment.resolve(output.Value ?? null))).not.toThrow();
  expect(made.size).toBeGreaterThan(10);
});

test.each(VARIANTS)('%s: functions are those of Lambda that the batch is made for', (_, parameters) => {
  const functions = [...new Deployment(template, parameters).functions().values()];

  for (const each of functions) {
    expect(each).toMatchObject({ Runtime: 'nodejs22.x', Architectures: ['arm64'], Timeout: 900, MemorySize: '1769' });
    const [, file = ''] = /^dist\/(aws-\w+)\.zip$/.exec(String(each.CodeUri)) ?? [];
    const [, name = ''] = /^main\.(\w+)$/.exec(String(each.Handler)) ?? [];
    const packed = new RegExp(`'${file}': '(?:dist/aws-fallback/)?([\\w-]+)`);
    const [, entry = ''] = packed.exec(readText('local/packaging/package-aws.ts')) ?? [];
    expect(readText(`aws-fallback/${entry}.ts`)).toContain(`export async function ${name}(`);
    expect(each.VpcConfig === undefined).toBe(parameters.SubnetIds === undefined);
  }
});

test('one function a job by default, and durable ones with their workers where they are chosen', () => {
  const names = (parameters: Readonly<Record<string, string>>) => [
    ...new Deployment(template, parameters).functions().keys(),
  ];
  const durable = new Deployment(template, DURABLE).functions();

  expect(names(EXPORT_ALONE)).toEqual(['ExportFunction']);
  expect(names(WITH_SYNC)).toEqual(['ExportFunction', 'YoutubeFunction']);
  expect([...durable].filter(([, each]) => each.DurableConfig !== undefined).map(([name]) => name)).toEqual([
    'DurableExportFunction',
    'DurableYoutubeFunction',
  ]);
  expect(durable.size).toBe(4);
});

test.each([
  ['makoto-batch-export', 'cron(0 2 * * ? *)', '2025-08-11T17:00:00Z', 'export', '2025-08-11'],
  ['makoto-batch-youtube', 'cron(0 0 * * ? *)', '2025-08-11T15:00:00Z', 'youtube', '2025-08-12'],
  ['makoto-batch-youtube-noon', 'cron(0 12 * * ? *)', '2025-08-12T03:00:00Z', 'youtube', '2025-08-12'],
  ['makoto-batch-youtube-evening', 'cron(0 18 * * ? *)', '2025-08-12T09:00:00Z', 'youtube', '2025-08-12'],
])('%s starts in Tokyo, with an event that the function reads', (name, expression, at, job, date) => {
  const [schedule] = deployed(WITH_SYNC, 'AWS::Scheduler::Schedule').filter((each) => each.Name === name);
  const target = schedule?.Target as Fields;

  const request = scheduled(target.Input, at);

  expect(schedule).toMatchObject({ ScheduleExpression: expression, ScheduleExpressionTimezone: 'Asia/Tokyo' });
  expect(request).toMatchObject({ job, date });
  expect(target).toMatchObject({ RetryPolicy: {}, DeadLetterConfig: { Arn: 'DeadLetters.Arn' } });
});

test('schedules can be stopped, and the later syncs are wanted or not', () => {
  const enabled = (parameters: Readonly<Record<string, string>>) =>
    deployed(parameters, 'AWS::Scheduler::Schedule')
      .filter(({ State }) => State === 'ENABLED')
      .map(({ Name }) => String(Name).replace('makoto-batch-', ''));

  expect(enabled(EXPORT_ALONE)).toEqual(['export']);
  expect(enabled(WITH_SYNC)).toEqual(['export', 'youtube']);
  expect(enabled(EVERYTHING)).toEqual(['export', 'youtube', 'youtube-noon', 'youtube-evening']);
  expect(enabled({ ...EVERYTHING, Schedules: 'DISABLED' })).toEqual([]);
});

test.each([
  ['plain', WITH_SYNC],
  ['durable', DURABLE],
])('whatever starts a %s job starts the function of this job, and may', (_, parameters) => {
  const functionOf = (job: string) =>
    parameters === DURABLE
      ? `Durable${job === 'export' ? 'Export' : 'Youtube'}Function.Alias`
      : `${job === 'export' ? 'Export' : 'Youtube'}Function.Arn`;
  const schedules = deployed(parameters, 'AWS::Scheduler::Schedule').map(({ Target }) => Target as Fields);
  const rules = deployed(parameters, 'AWS::Events::Rule').map(({ Targets }) => (Targets as readonly Fields[])[0] ?? {});
  const permitted = deployed(parameters, 'AWS::Lambda::Permission').map(({ FunctionName }) => FunctionName);
  const [scheduler] = deployed(parameters, 'AWS::IAM::Role').filter(({ Description }) =>
    /schedules/.test(String(Description)),
  );

  for (const { Arn, Input } of schedules) expect(Arn).toBe(functionOf(JSON.parse(String(Input)).job));
  for (const { Arn, Id } of rules) expect(Arn).toBe(functionOf(String(Id)));
  expect(permitted).toEqual([functionOf('export'), functionOf('youtube')]);
  expect(JSON.stringify(scheduler?.Policies)).toContain(`["${functionOf('export')}","${functionOf('youtube')}"]`);
});

test('logs are kept for 30 days, and for 7 days', () => {
  expect(deployed(WITH_SYNC, 'AWS::Logs::LogGroup')).toEqual([
    { LogGroupName: '/aws/lambda/makoto-batch-export', RetentionInDays: 30 },
    { LogGroupName: '/aws/lambda/makoto-batch-youtube', RetentionInDays: 7 },
  ]);
});

test('failed events go to an encrypted queue', () => {
  const [queue] = deployed(WITH_SYNC, 'AWS::SQS::Queue');
  const functions = [...new Deployment(template, WITH_SYNC).functions().values()];

  expect(queue).toMatchObject({ SqsManagedSseEnabled: true });
  for (const { EventInvokeConfig } of functions)
    expect(EventInvokeConfig).toMatchObject({
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Type: 'SQS', Destination: 'DeadLetters.Arn' } },
    });
});

test('alarms are those that the page explains, and told', () => {
  const rows = tableRows(section(readText('docs/aws.md'), '## Alarms')).map(([name = '']) => name.replaceAll('`', ''));

  const alarms = deployed(DURABLE, 'AWS::CloudWatch::Alarm');

  const names = alarms.map(({ AlarmName }) => String(AlarmName).replace('makoto-batch-', ''));
  const explained = rows.flatMap((row) => row.split(', '));
  expect(names.sort()).toEqual(explained.sort());
  for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual(['Alarms']);
});

test.each([
  ['plain', WITH_SYNC, 'ExportFunction', 'Errors', 'Duration'],
  ['durable', DURABLE, 'DurableExportFunction', 'DurableExecutionFailed', 'DurableExecutionDuration'],
])('a %s run that is not completed rings, and one of over 10 minutes', (_, parameters, name, failures, durations) => {
  const alarms = deployed(parameters, 'AWS::CloudWatch::Alarm');
  const alarm = (of: string) => alarms.find(({ AlarmName }) => AlarmName === `makoto-batch-export-${of}`);
  const Dimensions = [{ Name: 'FunctionName', Value: name }];

  expect(alarm('errors')).toMatchObject({ MetricName: failures, Statistic: 'Sum', Threshold: 1, Dimensions });
  expect(alarm('duration')).toMatchObject({
    MetricName: durations,
    Statistic: 'Maximum',
    Threshold: 600000,
    Dimensions,
  });
  expect(alarm('throttles')).toMatchObject({ MetricName: 'Throttles', Statistic: 'Sum', Threshold: 1, Dimensions });
});

test('the alarm about the day asks for the metric that the batch tells, and rings where there is nothing', () => {
  const [alarm] = deployed(EXPORT_ALONE, 'AWS::CloudWatch::Alarm').filter(({ AlarmName }) =>
    /sealed/.test(String(AlarmName)),
  );
  const [sealed, missing] = (alarm?.Metrics ?? []) as readonly Fields[];

  expect(sealed).toMatchObject({
    MetricStat: {
      Metric: { Namespace: NAMESPACE, MetricName: 'day_sealed', Dimensions: [{ Name: 'job', Value: 'export' }] },
      Period: 7200,
      Stat: 'Sum',
    },
  });
  expect(missing).toMatchObject({ Expression: 'IF(HOUR(sealed) == 16 AND FILL(sealed, 0) < 1, 1, 0)' });
  expect(alarm).toMatchObject({ TreatMissingData: 'breaching', Threshold: 1 });
});

test('the template has no anchors and no aliases, which CloudFormation refuses', () => {
  expect(() => readYaml('a: &name 1\n')).toThrow('anchor');
  expect(() => readYaml('a: *name\n')).toThrow('anchor');
});

test.each([
  ['a: 1\na: 2\n', 'twice'],
  ['a: 1\n   b: 2\n', 'indented'],
  ["a: 'x' y\n", 'goes on'],
  ['a: [1, 2\n', 'Expected ]'],
])('what is no YAML is refused: %j', (text, problem) => {
  expect(() => readYaml(text)).toThrow(problem);
});
