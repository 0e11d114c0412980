import { loadSettings, settingsTable } from '../../../shared/settings';
import { readText } from '../docs/documents';
import { Deployment, EVERYTHING, readTemplate, VARIANTS } from './template';

const template = readTemplate();

/** Lambda gives it, and takes it from nobody. */
const OF_LAMBDA = { AWS_DEFAULT_REGION: 'ap-northeast-1' };

/** Who sets it, and who reads it, is the function's own code: see aws-fallback/environment.ts. */
const OF_THE_FUNCTION = 'WORKER_FUNCTION_NAME';

/** Node reads it, where there is a database. */
const OF_NODE = 'NODE_EXTRA_CA_CERTS';

/** Settings that a function on AWS has no use for, and why. */
const NOT_ON_AWS: Readonly<Record<string, RegExp>> = {
  'of Azure': /^(AZURE_|COSMOS_|KEY_VAULT_|APPLICATIONINSIGHTS_|DATA_CONTAINER$|ANALYTICS_CONTAINER$)/,
  'EventBridge has the schedules': /_SCHEDULE$/,
  'for stand-ins': /^AWS_ENDPOINT_URL/,
  'Lambda gives it': /^AWS_DEFAULT_REGION$/,
};

const chosen = settingsTable
  .filter(({ name, secret }) => !secret && !Object.values(NOT_ON_AWS).some((names) => names.test(name)))
  .map(({ name }): string => name)
  .sort();

function environments(parameters: Readonly<Record<string, string>>): Record<string, string>[] {
  return [...new Deployment(template, parameters).functions().values()].map(
    ({ Environment }) => (Environment as { Variables: Record<string, string> }).Variables,
  );
}

test.each(VARIANTS)('the functions of the template take their settings: %s', (_, parameters) => {
  const made = environments(parameters);

  const settings = made.map(({ [OF_THE_FUNCTION]: _worker, ...given }) => loadSettings({ ...OF_LAMBDA, ...given }));

  expect(made.length).toBeGreaterThan(0);
  expect(settings.map(({ cloud }) => cloud.kind)).toEqual(settings.map(() => 'aws'));
});

test('every setting that AWS has a use for can be chosen in the template, and no secret and nothing else is set', () => {
  const set = environments(EVERYTHING).flatMap((variables) => Object.keys(variables));

  expect([...new Set(set)].sort()).toEqual([...chosen, OF_NODE].sort());
});

test('what is not chosen is what the settings are by default', () => {
  const defaults = new Map(
    settingsTable.map(({ name, default: value }): [string, string | undefined] => [name, value]),
  );
  const [variables = {}] = environments({ S3BucketName: 'makoto-messages', DatabaseHost: 'db.example.com' });

  const other = Object.entries(variables).filter(([name, value]) => value !== defaults.get(name));

  const OF_THE_DEPLOYMENT = ['S3_BUCKET_NAME', 'DB_HOST', 'DB_SECRET_NAME', 'YOUTUBE_SECRET_NAME'];
  // Off this machine it is so also where nothing says it.
  expect(other.map(([name]) => name).sort()).toEqual([...OF_THE_DEPLOYMENT, 'DB_SSL'].sort());
  expect(variables.DB_SSL).toBe('require');
});

test('the settings of a durable function name its worker', () => {
  const functions = new Deployment(template, { ...EVERYTHING, Engine: 'durable' }).functions();
  const workerOf = (name: string) =>
    (functions.get(name)?.Environment as { Variables: Record<string, string> } | undefined)?.Variables[OF_THE_FUNCTION];

  expect(workerOf('DurableExportFunction')).toBe('ExportWorkerFunction.Alias');
  expect(workerOf('DurableYoutubeFunction')).toBe('YoutubeWorkerFunction.Alias');
  expect(readText('aws-fallback/environment.ts')).toContain(`env.${OF_THE_FUNCTION}`);
});

test('the Terraform module takes every setting that has no variable of its own', () => {
  const variables = readText('terraform/modules/batch-scheduler/variables.tf');
  const [, list = ''] = /setsubtract\(keys\(var\.settings\), \[([^\]]+)\]/.exec(variables) ?? [];
  const own = readText('terraform/modules/batch-scheduler/main.tf').matchAll(/\b([A-Z][A-Z0-9_]+) += /g);

  const taken = [...list.matchAll(/"(\w+)"/g)].map(([, name = '']) => name);

  expect([...taken, ...[...own].map(([, name = '']) => name)].sort()).toEqual(chosen);
});
