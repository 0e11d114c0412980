import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CosmosClient } from '@azure/cosmos';
import { BlobServiceClient } from '@azure/storage-blob';
import { parse } from 'dotenv';
import type { JobPlan } from '../../../local/cli/plan-text';
import { makeSample } from '../../../local/sample/sample';
import { SAMPLE_TENANTS } from '../../../local/sample/tenants';
import type { RunReport } from '../../../shared/batch/report';
import { targetDate } from '../../../shared/calendar';
import { lastJson, Program, readJson } from './program';

const TENANT = 'hudson-kitchen';
let folder: string;
let envFile: string;
let services: Program;
let settings: Record<string, string>;
let date: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-e2e-'));
  envFile = join(folder, 'services.env');
  services = new Program('services', ['--folder', folder, '--local-settings', join(folder, 'local.settings.json')]);
  await services.says('Stop with Ctrl-C');
  settings = parse(await readFile(envFile, 'utf8'));
  date = targetDate(Date.now(), SAMPLE_TENANTS.find(({ id }) => id === TENANT)?.timeZone ?? '', -1);
});

afterAll(async () => {
  services?.kill();
  await rm(folder, { recursive: true, force: true });
});

async function batch(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return await new Program('makoto-batch', [...args, '--env-file', envFile], env).ended;
}

function storage(): BlobServiceClient {
  return BlobServiceClient.fromConnectionString(settings.AZURE_STORAGE_CONNECTION_STRING ?? '');
}

/** Everything that the services hold, blobs and metadata items with their ETags, but for what tells that there was a run: its own record, and the leases that it held. */
async function everything(): Promise<string> {
  const digest = createHash('sha256');
  for await (const { name } of storage().listContainers()) {
    for await (const blob of storage().getContainerClient(name).listBlobsFlat()) {
      digest.update(`${name}/${blob.name} ${blob.properties.etag}\n`);
    }
  }
  const { COSMOS_ENDPOINT: endpoint = '', COSMOS_KEY: key = '', COSMOS_DATABASE_NAME: database = '' } = settings;
  const client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });
  const container = client.database(database).container(settings.COSMOS_CONTAINER_NAME ?? '');
  const { resources } = await container.items.readAll({ maxItemCount: -1 }).fetchAll();
  client.dispose();
  const lasting = resources.filter(({ PK, SK }) => PK !== 'SYSTEM#BATCH' && !String(SK).startsWith('LEASE#'));
  for (const item of lasting.map(({ id, _etag }) => `${id} ${_etag}`).sort()) digest.update(`${item}\n`);
  return digest.digest('hex');
}

test('the settings are written for their owner alone, for the command line and for func start', async () => {
  const local = await readJson<{ Values: Record<string, string> }>(folder, 'local.settings.json');

  const { mode } = await stat(envFile);
  const { mode: localMode } = await stat(join(folder, 'local.settings.json'));

  expect([mode & 0o777, localMode & 0o777]).toEqual([0o600, 0o600]);
  expect(settings).toMatchObject({ TENANT_ID: '*', DATA_CONTAINER: 'makoto-messages' });
  expect(local.Values).toMatchObject({
    ...settings,
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AzureWebJobsStorage: settings.AZURE_STORAGE_CONNECTION_STRING,
  });
});

test('a plan tells what would be read and changes nothing', async () => {
  const before = await everything();

  const ended = await batch(['plan', 'export', '--json']);

  const { jobs } = lastJson<{ jobs: JobPlan[] }>(ended);
  expect(ended.code).toBe(0);
  expect(jobs[0]?.tenants.map(({ tenant, published }) => [tenant, published])).toEqual([
    ['hinata-books', false],
    ['hudson-kitchen', false],
    ['minato-travel', false],
  ]);
  expect(await everything()).toBe(before);
});

test('a run completes with exit code 0, and running it again leaves everything as it is', async () => {
  const { expected } = makeSample({ dateIn: () => date });
  const args = ['run', 'export', '--date', date, '--tenant', TENANT, '--json'];

  const first = await batch(args);
  const between = await everything();
  const second = await batch(args);

  expect([first.code, second.code]).toEqual([0, 0]);
  for (const ended of [first, second]) {
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1);
    const { status, jobs } = lastJson<RunReport>(ended);
    expect(status).toBe('completed');
    expect(jobs[0]?.tenants).toMatchObject([{ tenant: TENANT, date, status: 'completed', ...expected[TENANT] }]);
  }
  expect(await everything()).toBe(between);
});

test('a tenant without a container is named, the others are exported: exit code 1', async () => {
  await storage().createContainer('hinata-books');
  await storage().createContainer('hudson-kitchen');

  const ended = await batch(['run', 'export', '--date', date, '--json'], { DATA_CONTAINER: '{tenant}' });

  const { status, jobs } = lastJson<RunReport>(ended);
  expect(ended.code).toBe(1);
  expect(status).toBe('partial');
  expect(jobs[0]?.tenants).toMatchObject([
    { tenant: 'hinata-books', status: 'completed', exported: 0 },
    { tenant: 'hudson-kitchen', status: 'completed', exported: 0 },
    { tenant: 'minato-travel', status: 'failed', failure: { code: 'container_not_found', kind: 'configuration' } },
  ]);
  expect(ended.stderr).toContain('What to do: Create the container');
});

test('wrong settings and wrong arguments end with exit code 2, before anything is done', async () => {
  const before = await everything();

  const wrongSettings = await batch(['run', 'export', '--json'], { BUSINESS_TIME_ZONE: 'Tokyo' });
  const wrongArguments = await batch(['run', 'export', '--date', 'yesterday', '--json']);
  const help = await batch(['--help']);

  expect([wrongSettings.code, wrongArguments.code, help.code]).toEqual([2, 2, 0]);
  expect(wrongSettings.stderr).toContain('BUSINESS_TIME_ZONE: expected the name of an IANA time zone');
  expect(wrongArguments.stderr).toContain('--date: expected a date as yyyy-mm-dd');
  expect(await everything()).toBe(before);
});

test('Ctrl-C stops the services and takes their settings away', async () => {
  const { code } = await services.interrupt();

  expect(code).toBe(130);
  expect(services.hasProcesses).toBe(false);
  await expect(stat(envFile)).rejects.toThrow('ENOENT');
});

test('with --empty the services have nothing in them, and settings say nothing of tenants and channels', async () => {
  const empty = join(folder, 'empty');
  const program = new Program('services', [
    '--empty',
    '--folder',
    empty,
    '--local-settings',
    join(empty, 'local.json'),
  ]);
  try {
    await program.says('Stop with Ctrl-C');
    const written = parse(await readFile(join(empty, 'services.env'), 'utf8'));
    const ended = await new Program('makoto-batch', ['plan', 'export', '--env-file', join(empty, 'services.env')])
      .ended;

    expect(program.stdout).toContain('with nothing in them');
    expect(Object.keys(written)).toEqual(
      expect.arrayContaining(['AZURE_STORAGE_CONNECTION_STRING', 'COSMOS_KEY', 'DB_HOST', 'DB_PASSWORD']),
    );
    expect(Object.keys(written)).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(TENANT|YOUTUBE)_/)]));
    expect(ended).toMatchObject({ code: 0 });
  } finally {
    program.kill();
  }
});
