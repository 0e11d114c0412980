import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { requestOfEvent } from '../../../aws-fallback/events';
import { loadSettings } from '../../../shared/settings';
import { ROOT, readJson, readText, shellCommands } from '../docs/documents';
import { Deployment, readTemplate, WITH_SYNC } from './template';
import { readYaml } from './yaml';

interface Known {
  readonly flags: readonly string[];
  readonly source: string;
}

interface Workflow {
  readonly on: {
    readonly workflow_dispatch: { readonly inputs: Readonly<Record<string, { readonly options: string[] }>> };
  };
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[]; readonly environment?: string }>>;
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

/** Flags of every command of the AWS CLI. Source: docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html. */
const GLOBAL_FLAGS = ['--query', '--output', '--cli-read-timeout', '--cli-binary-format'];

const WORKFLOWS = ['.github/workflows/aws-terraform.yml', '.github/workflows/aws-sam.yml'];

const known = readJson<Record<string, Known>>('test/unit/aws-infrastructure/aws-commands.json');
const template = readTemplate();
const workflows = WORKFLOWS.map((path) => [path, readYaml(readText(path)) as unknown as Workflow] as const);
const stepsOf = (workflow: Workflow) => Object.values(workflow.jobs).flatMap(({ steps }) => steps);

const documented = shellCommands().map(({ command }) => command);
const inWorkflows = workflows.flatMap(([, workflow]) =>
  stepsOf(workflow).flatMap(({ run }) => (run ?? '').split('\n')),
);

/** The commands of AWS's tools and Terraform, those within `$(…)` too; what is quoted is left out. */
const commands = [...documented, ...inWorkflows].flatMap((line) => {
  const plain = line
    .replaceAll(/'[^']*'/g, "''")
    .replace('terraform -chdir=terraform/environments/example', 'terraform');
  const inner = [...plain.matchAll(/\$\(((?:aws|sam|terraform) [^)]*)\)/g)].map(([, command = '']) => command);
  return [plain.replaceAll(/\$\([^)]*\)/g, ''), ...inner].filter((each) => /^\s*(aws|sam|terraform) /.test(each));
});

function problems(text: string): string[] {
  const command = text.trim();
  const [name] = Object.keys(known).filter((each) => `${command} `.startsWith(`${each} `));
  if (name === undefined) return [`nobody has looked up "${command}"`];
  const flags = [...command.matchAll(/(?<=\s)--?[a-z][\w-]*/g)].map(([flag]) => flag);
  const allowed = [...(known[name]?.flags ?? []), ...(name.startsWith('aws ') ? GLOBAL_FLAGS : [])];
  return flags.filter((flag) => !allowed.includes(flag)).map((flag) => `${name} has no ${flag}`);
}

test('commands are known ones with flags that they have', () => {
  expect(commands.length).toBeGreaterThan(20);
  expect(commands.flatMap(problems)).toEqual([]);
  expect(Object.keys(known).filter((name) => !commands.some((each) => each.trim().startsWith(name)))).toEqual([]);
});

test.each([
  ['aws events disable-rule --nam x', 'has no --nam'],
  ['aws events stop --name x', 'nobody has looked up'],
])('a command that is none is found: %s', (command, expected) => {
  expect(problems(command).join()).toContain(expected);
});

test('functions, rules, queues, logs and secrets that commands name are made', () => {
  const text = documented.join('\n');
  const named = [...text.matchAll(/--(?:function-name|queue-name|secret-id) (\S+)|(\/aws\/lambda\/\S+)/g)];
  const plain = new Deployment(template, WITH_SYNC);
  const durable = new Deployment(template, { ...WITH_SYNC, Engine: 'durable' });
  const names = [...plain.resources().values(), ...durable.resources().values()].flatMap(
    ({ FunctionName, QueueName, LogGroupName, Name }) => [FunctionName, QueueName, LogGroupName, Name].map(String),
  );

  const missing = named
    .map(([, given, group]) => given ?? group ?? '')
    .filter((name) => !names.includes(name.split(':')[0] ?? ''));

  expect(named.length).toBeGreaterThan(8);
  expect(missing).toEqual([]);
});

test('parameters that commands and samconfig.example.toml give are those of the template', () => {
  const overrides = [...documented, ...inWorkflows].flatMap(
    (line) => /--parameter-overrides (.+)$/.exec(line)?.[1] ?? [],
  );
  const given = [
    ...overrides.join(' ').matchAll(/(\w+)=/g),
    ...readText('samconfig.example.toml').matchAll(/^ {2}"(\w+)=/gm),
  ];

  expect(given.length).toBeGreaterThan(8);
  expect(given.map(([, name = '']) => name).filter((name) => !(name in template.Parameters))).toEqual([]);
});

test('the payloads and the event of the page are taken by the function', () => {
  const env = { S3_BUCKET_NAME: 'b-1', AWS_DEFAULT_REGION: 'ap-northeast-1', DB_HOST: 'db', YOUTUBE_SECRET_NAME: 's' };
  const tools = { settings: loadSettings(env), clock: { now: () => Date.parse('2026-01-01T00:00:00Z') } };
  const payloads = documented.flatMap((command) => /--payload '([^']+)'/.exec(command)?.[1] ?? []);
  const entries = documented.flatMap((command) => /--entries '([^']+)'/.exec(command)?.[1] ?? []);
  const [entry] = JSON.parse(entries[0] ?? '') as { Source: string; DetailType: string; Detail: string }[];

  const requests = payloads.map((payload) => requestOfEvent(JSON.parse(payload), tools));
  const put = { source: entry?.Source, 'detail-type': entry?.DetailType, detail: JSON.parse(entry?.Detail ?? '') };

  expect(requests.length).toBeGreaterThan(3);
  expect(requestOfEvent(put, tools)).toEqual({
    job: 'export',
    date: '2025-08-11',
    tenants: ['hinata-books'],
    force: false,
  });
});

test.each(workflows)('%s signs in without a secret, and runs what is there', (path, workflow) => {
  const text = readText(path);
  const { scripts } = readJson<{ scripts: Record<string, string> }>('package.json');
  const steps = stepsOf(workflow);
  const npm = steps.flatMap(({ run }) => /^npm run (\S+)$/.exec(run ?? '')?.[1] ?? []);

  expect(
    steps.flatMap(({ uses }) => uses ?? []).filter((use) => !/^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/.test(use)),
  ).toEqual([]);
  expect(text).toContain('id-token: write');
  expect(text).not.toMatch(/\$\{\{\s*secrets\./);
  // An expression within a script would be part of it.
  expect(steps.filter(({ run }) => /\$\{\{/.test(run ?? ''))).toEqual([]);
  expect(npm.filter((name) => !(name in scripts))).toEqual([]);
  expect(npm).toContain('package:aws');
});

test('the Terraform workflow asks for the environment, and for plan or apply', () => {
  const [[, workflow] = []] = workflows;

  expect(workflow?.on.workflow_dispatch.inputs).toMatchObject({
    environment: { options: ['dev', 'prd'] },
    action: { options: ['plan', 'apply'] },
  });
  expect(existsSync(join(ROOT, 'terraform/environments/example/main.tf'))).toBe(true);
});
