import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { type Postgres, startPostgres } from '../../../local/services/postgres';
import { isRunningWith } from '../../../local/services/process-table';
import { query, settingsOf } from '../../support/postgres-databases';

type Started = Omit<Postgres, 'stop'>;

let folder: string;
let dataDir: string;
let starter: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-postgres-test-'));
  dataDir = join(folder, 'postgres');
});

afterEach(async () => {
  if (starter?.exitCode === null && starter.signalCode === null) await killed(starter);
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

const PROGRAM = `
  const { startPostgres } = require(process.argv[1]);
  console.log('begins');
  startPostgres({ dataDir: process.argv[2] }).then(({ stop, ...server }) => console.log(JSON.stringify(server)));
`;

/** A process that starts PostgreSQL as we do, and then only waits. It leads a group of processes, as a shell's command does. */
function newStarter(dir?: string): { child: ChildProcess; line: () => Promise<string> } {
  const loader = require.resolve('../../support/typescript-require.js');
  const module = require.resolve('../../../local/services/postgres.ts');
  const args = ['--require', loader, '-e', PROGRAM, module, ...(dir === undefined ? [] : [dir])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  starter = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, line: async () => String((await lines.next()).value) };
}

async function startedElsewhere(dir?: string): Promise<{ child: ChildProcess; server: Started }> {
  const { child, line } = newStarter(dir);
  await line();
  return { child, server: JSON.parse(await line()) as Started };
}

/** Kills a process with its whole group. */
async function killed(child: ChildProcess): Promise<void> {
  process.kill(-(child.pid ?? 0), 'SIGKILL');
  await once(child, 'exit');
}

async function supervisorPid(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]);
}

/** Kills the starter and the supervisor, so that the supervisor has no time to do anything. */
async function killedWithSupervisor(child: ChildProcess, server: Started): Promise<void> {
  const supervisor = await supervisorPid(server.pid);
  process.kill(supervisor, 'SIGSTOP');
  await killed(child);
  process.kill(supervisor, 'SIGKILL');
  await until(async () => !(await isRunningWith(supervisor, 'makoto-supervisor')));
}

const isUp = ({ pid }: Started) => isRunningWith(pid, 'postgres');

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** Looks again and again until a condition holds; Jest's own timeout ends it. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

test('a killed starter leaves no server, and no folder of one that keeps nothing', async () => {
  const { child, server } = await startedElsewhere();

  await killed(child);

  await until(async () => !(await isUp(server)));
  await until(async () => !(await isThere(server.data)));
});

test('a server whose starter was killed has written everything, and starts again at once', async () => {
  const { child, server } = await startedElsewhere(dataDir);
  await query(settingsOf(server), 'CREATE TABLE kept AS SELECT 1 AS n');

  await killed(child);
  const again = await startPostgres({ dataDir });

  const rows = await query(settingsOf(again), 'SELECT n FROM kept');
  await again.stop();
  expect(await isUp(server)).toBe(false);
  expect(rows).toEqual([{ n: 1 }]);
});

test('a server that lost starter and supervisor is ended by the next start on its folder, with its data kept', async () => {
  const { child, server } = await startedElsewhere(dataDir);
  await query(settingsOf(server), 'CREATE TABLE kept AS SELECT 1 AS n');
  await killedWithSupervisor(child, server);
  const leftRunning = await isUp(server);

  const again = await startPostgres({ dataDir });

  const rows = await query(settingsOf(again), 'SELECT n FROM kept');
  await again.stop();
  expect([leftRunning, await isUp(server)]).toEqual([true, false]);
  expect(rows).toEqual([{ n: 1 }]);
});

test('a server that keeps nothing and lost starter and supervisor is ended and removed by the next start', async () => {
  const { child, server } = await startedElsewhere();
  await killedWithSupervisor(child, server);
  const left = [await isUp(server), await isThere(server.data)];

  const other = await startPostgres();

  await other.stop();
  expect(left).toEqual([true, true]);
  expect([await isUp(server), await isThere(server.data)]).toEqual([false, false]);
});

test('a server that lost its supervisor only is ended by its starter', async () => {
  const { server } = await startedElsewhere();

  process.kill(await supervisorPid(server.pid), 'SIGKILL');

  await until(async () => !(await isUp(server)));
});

test('wherever in its first start it is killed, the next start on the folder succeeds', async () => {
  for (const afterMs of [0, 200, 400, 700]) {
    const dir = join(folder, `killed-after-${afterMs}`);
    const { child, line } = newStarter(dir);
    await line();
    // The moment is what varies here, nothing is waited for.
    await delay(afterMs);
    await killed(child);

    const server = await startPostgres({ dataDir: dir });

    const rows = await query(settingsOf(server), 'SELECT 1 AS n');
    await server.stop();
    expect(rows).toEqual([{ n: 1 }]);
  }
});
