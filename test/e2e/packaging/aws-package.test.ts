import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import type { CheckpointDurableExecutionRequest } from '@aws/durable-execution-sdk-js';
import { EVENT_EXAMPLE } from '../../../aws-fallback/events';
import { loadSample } from '../../../local/sample/load-sample';
import { makeSample } from '../../../local/sample/sample';
import { createAwsPlatform } from '../../../shared/platform-aws';
import { loadSettings } from '../../../shared/settings';
import { describeWithMoto, motoEndpoint, newBucket, newTable, sharedAws } from '../../support/aws-services';
import { DurableMemory } from '../../support/durable-memory';
import { ROOT } from '../../unit/docs/documents';

// What is deployed to Lambda, made as `npm run package:aws` makes it and called where nothing else of the project is.

const run = promisify(execFile);
const NAMES = ['aws-handler', 'aws-durable'] as const;
const packageOf = (name: string) => join(ROOT, 'dist', name);
const zipOf = (name: string) => join(ROOT, 'dist', `${name}.zip`);

const SETTINGS = { S3_BUCKET_NAME: 'makoto-messages', AWS_DEFAULT_REGION: 'ap-northeast-1' };

async function makePackages(): Promise<Buffer[]> {
  await run(process.execPath, [join(ROOT, 'dist/local/packaging/package-aws.js')]);
  return await Promise.all(NAMES.map((name) => readFile(zipOf(name))));
}

/** Loads a package in a process of its own, as Lambda does, and gives what came of calling one of its handlers, as JSON. */
const CALL = `
  const [, file, name, event] = process.argv;
  const begun = process.cpuUsage();
  const handlers = require(file);
  const { user, system } = process.cpuUsage(begun);
  const told = (outcome) => process.stderr.write('\\n' + JSON.stringify({ names: Object.keys(handlers), loadMs: (user + system) / 1000, ...outcome }));
  handlers[name](JSON.parse(event), { getRemainingTimeInMillis: () => 900000 }).then(
    (value) => told({ value }),
    (error) => told({ error: error.name, code: error.code, message: error.message }),
  );
`;

interface Called {
  readonly names: readonly string[];
  readonly loadMs: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly code?: string;
  readonly message?: string;
  readonly log: readonly Record<string, unknown>[];
}

let folder: string;

async function call(name: string, handler: string, event: object, env: object = SETTINGS): Promise<Called> {
  const app = join(folder, name);
  await cp(packageOf(name), app, { recursive: true });
  const { PATH = '' } = process.env;
  const args = ['-e', CALL, join(app, 'main.js'), handler, JSON.stringify(event)];
  const { stdout, stderr } = await run(process.execPath, args, {
    cwd: app,
    env: { PATH, AWS_LAMBDA_FUNCTION_NAME: 'batch', ...env },
  });
  const outcome = JSON.parse(stderr.split('\n').at(-1) ?? '') as Omit<Called, 'log'>;
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { ...outcome, log: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-package-'));
  await makePackages();
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

test.each(NAMES)('%s holds the app, what it looks for beside itself, its licenses, and nothing else', async (name) => {
  const files = await readdir(packageOf(name));
  const notices = await readFile(join(packageOf(name), 'THIRD-PARTY-NOTICES.txt'), 'utf8');

  expect(files.sort()).toEqual(
    [
      ...['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'main.js', 'migrations', 'package.json'],
      ...['parquet_wasm_bg.wasm', 'sql'],
    ].sort(),
  );
  for (const used of ['zod', 'pg', 'apache-arrow', '@aws-sdk/client-dynamodb'])
    expect(notices).toMatch(new RegExp(`^${used} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
});

test.each(NAMES)(
  '%s holds nothing of Azure, of development, nor of a folder of the machine that made it',
  async (name) => {
    const files = JSON.parse(await readFile(join(ROOT, 'dist', `${name}.files.json`), 'utf8')) as readonly string[];
    const main = await readFile(join(packageOf(name), 'main.js'), 'utf8');

    const packages = new Set(files.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []));
    expect(
      [...packages].filter((each) =>
        /azure|durable-functions|durable-execution-sdk-js-testing|commander|esbuild/.test(each),
      ),
    ).toEqual([]);
    expect(packages.has('@aws/durable-execution-sdk-js')).toBe(name === 'aws-durable');
    expect(packages.has('@aws-sdk/client-s3')).toBe(true);
    expect(main).not.toContain(ROOT);
  },
);

test('the zips are the same, byte for byte, when they are made again, and small ones', async () => {
  const first = await Promise.all(NAMES.map((name) => readFile(zipOf(name))));

  const second = await makePackages();

  expect(second.map((zip, at) => zip.equals(first[at] ?? Buffer.alloc(0)))).toEqual([true, true]);
  expect(Math.max(...second.map((zip) => zip.length))).toBeLessThan(12_000_000);
});

test('the plain function loads by itself and refuses an event that asks for nothing, in its log too', async () => {
  const { names, error, message, log, loadMs } = await call('aws-handler', 'handler', { job: 'exports' });

  expect(names).toEqual(['handler']);
  expect(error).toBe('EventError');
  expect(message).toContain('job: expected one of export, youtube');
  expect(message).toContain(EVENT_EXAMPLE);
  expect(log).toContainEqual(expect.objectContaining({ level: 'error', stage: 'run', error_code: 'input_invalid' }));
  // Of processor time: what else this machine does at the moment says nothing of the package.
  expect(loadMs).toBeLessThan(300);
});

test('the worker of the durable function loads by itself and refuses what is no step', async () => {
  const { names, code, message, loadMs } = await call('aws-durable', 'workerHandler', { job: 'export' });

  expect(names).toEqual(['durableHandler', 'workerHandler']);
  expect(code).toBe('input_invalid');
  expect(message).toContain('single steps');
  expect(loadMs).toBeLessThan(300);
});

test('wrong settings are named, with what was expected', async () => {
  const { error, message } = await call(
    'aws-handler',
    'handler',
    { job: 'export' },
    { S3_BUCKET_NAME: 'makoto-messages' },
  );

  expect(error).toBe('SettingsError');
  expect(message).toContain('AWS_DEFAULT_REGION: is required with S3_BUCKET_NAME');
});

test('Application Insights, which is not in the package, is refused as a setting', async () => {
  const { error, message } = await call(
    'aws-handler',
    'handler',
    { job: 'export' },
    {
      ...SETTINGS,
      APPLICATIONINSIGHTS_CONNECTION_STRING:
        'InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://example.com/',
    },
  );

  expect(error).toBe('SettingsError');
  expect(message).toContain('APPLICATIONINSIGHTS_CONNECTION_STRING: ');
});

test('the durable function loads by itself, keeps its checkpoints with the service, and refuses what asks for nothing', async () => {
  const service = new DurableMemory();
  const server = createServer((request, response) => {
    text(request)
      .then((body) => service.checkpoint(JSON.parse(body) as CheckpointDurableExecutionRequest))
      .then((answer) =>
        response.setHeader('content-type', 'application/json').end(JSON.stringify(answer, epochSeconds)),
      );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const execution = { Id: '0', Type: 'EXECUTION', Status: 'STARTED', StartTimestamp: 1_754_974_800_000 };
  const Operations = [{ ...execution, ExecutionDetails: { InputPayload: '{"job": "exports"}' } }];
  const event = {
    DurableExecutionArn: 'arn:aws:lambda:ap-northeast-1:123456789012:function:batch:live/durable-execution/test/1',
    CheckpointToken: 'first',
    InitialExecutionState: { Operations },
  };

  const { value } = await call('aws-durable', 'durableHandler', event, {
    ...SETTINGS,
    ...{ AWS_REGION: 'ap-northeast-1', AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${port}` },
    ...{ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'of no account' },
  });
  server.close();

  expect(value).toMatchObject({ Status: 'FAILED', Error: { ErrorMessage: expect.stringContaining(EVENT_EXAMPLE) } });
  expect(service.history.map(({ Name, Action }) => [Name, Action])).toEqual([
    ['request', 'START'],
    ['request', 'SUCCEED'],
  ]);
});

/** As the service writes times. */
function epochSeconds(name: string, value: unknown): unknown {
  return name.endsWith('Timestamp') && typeof value === 'string' ? Date.parse(value) / 1_000 : value;
}

const TENANT = 'minato-travel';

describeWithMoto('over S3 and DynamoDB', () => {
  test('the plain function exports the sample, and does nothing the second time', async () => {
    const [bucket, table] = await Promise.all([newBucket('package'), newTable('package')]);
    const { region, credentials, dynamodb } = sharedAws();
    const settings = {
      ...{ S3_BUCKET_NAME: bucket, DYNAMODB_TABLE_NAME: table, AWS_DEFAULT_REGION: region, TENANT_ID: TENANT },
      ...{ AWS_ENDPOINT_URL: motoEndpoint(), AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint },
    };
    const whole = makeSample({ dateIn: () => '2025-08-11' });
    const sample = { ...whole, objects: whole.objects.filter(({ key }) => key.startsWith(`${TENANT}/`)) };
    const platform = createAwsPlatform(loadSettings(settings));
    await loadSample(platform, sample);
    await platform.dispose();
    const secrets = { AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey };

    const event = { job: 'export', target_date: '2025-08-11' };
    const first = await call('aws-handler', 'handler', event, { ...settings, ...secrets });
    const second = await call('aws-handler', 'handler', event, { ...settings, ...secrets });

    const tenants = [{ tenant: TENANT, ...sample.expected[TENANT] }];
    expect(first.value).toMatchObject({ status: 'completed', tenants });
    expect(second.value).toMatchObject({ status: 'completed', tenants });
    expect(first.log).toContainEqual(expect.objectContaining({ tenant: TENANT, job: 'export', day_sealed: 1 }));
    expect(second.log.filter(({ message, reused }) => message === 'The shard is exported.' && reused !== true)).toEqual(
      [],
    );
    expect(JSON.stringify([first, second])).not.toContain(credentials.secretAccessKey);
  });
});
