import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Postgres, serve, startPostgres } from '../../../local/services/postgres';
import { installedPostgres, postgresBinaries } from '../../../local/services/postgres-binaries';
import { temporaryCluster } from '../../../local/services/postgres-cluster';
import { isRunning } from '../../../local/services/process-table';
import { serverAccount } from '../../../local/services/server-account';
import { Supervisor } from '../../../local/services/supervisor';
import { query, settingsOf } from '../../support/postgres-databases';

let folder: string;
let dataDir: string;
const started: Pick<Postgres, 'stop'>[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-postgres-test-'));
  dataDir = join(folder, 'deep', 'postgres');
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Parameters<typeof startPostgres>[0] = {}): Promise<Postgres> {
  const server = await startPostgres(options);
  started.push(server);
  return server;
}

test('starts with a database of its own, as a user who is not root, and leaves nothing when it stops', async () => {
  const server = await start();
  const [row] = await query(settingsOf(server), 'SELECT current_user AS user, current_database() AS name');
  const { uid } = await stat(server.data);
  const running = isRunning(server.pid);

  await server.stop();

  expect(row).toEqual({ user: 'postgres', name: 'shirogane' });
  expect(uid).not.toBe(0);
  expect([running, isRunning(server.pid)]).toEqual([true, false]);
  await expect(stat(server.data)).rejects.toThrow('ENOENT');
});

test('keeps its databases and their password in the folder that it is given', async () => {
  const before = await start({ dataDir });
  await query(settingsOf(before), "CREATE TABLE kept AS SELECT 'é日本' AS text");
  await before.stop();

  const after = await start({ dataDir });

  expect(await query(settingsOf(after), 'SELECT text FROM kept')).toEqual([{ text: 'é日本' }]);
  expect(after.password).toBe(before.password);
  expect((await stat(join(dataDir, 'cluster', 'password'))).mode & 0o777).toBe(0o600);
  expect((await stat(after.data)).mode & 0o777).toBe(0o700);
});

test('two servers run side by side, each with a password of its own', async () => {
  const [one, two] = await Promise.all([start(), start()]);

  expect(one.port).not.toBe(two.port);
  expect(await query(settingsOf(one), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  const wrong = { ...settingsOf(one), DB_PASSWORD: two.password };
  await expect(query(wrong, 'SELECT 1')).rejects.toThrow('password authentication failed');
});

test('a second server on the same folder is refused, and the first goes on', async () => {
  const first = await start({ dataDir });

  await expect(startPostgres({ dataDir })).rejects.toThrow(`Another PostgreSQL server uses ${dataDir}. Stop it`);

  expect(await query(settingsOf(first), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
});

test('a folder that is a file is named', async () => {
  const file = join(folder, 'file');
  await writeFile(file, 'not a folder');

  await expect(startPostgres({ dataDir: file })).rejects.toThrow(
    `The folder of databases ${file} cannot be used: EEXIST`,
  );
});

test('another port is taken where somebody has taken the first', async () => {
  const blocker: Server = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const taken = portOf(blocker);
  const account = await serverAccount();
  const supervisor = new Supervisor();
  started.push({ stop: () => supervisor.end() });
  await chmod(folder, 0o711);
  const place = { folder, making: 'copy' };
  const programs = { supervisor, account, binaries: await postgresBinaries(await installedPostgres(), account, place) };
  const cluster = await temporaryCluster(programs, folder);
  const asked: number[] = [];

  const served = await serve(programs, cluster, async () => {
    asked.push(taken);
    if (asked.length === 2) blocker.close();
    return taken;
  });

  expect(asked.length).toBeGreaterThan(1);
  expect(served.port).toBe(taken);
  await supervisor.end();
  expect(isRunning(served.pid)).toBe(false);
  expect((await readdir(folder)).filter((name) => name.startsWith('run-'))).toEqual([]);
});

test('no process shows the password, in its arguments or its environment', async () => {
  const server = await start();

  const shown = await processes();

  const servers = shown.filter(({ text }) => text.includes('postgres'));
  expect(servers.map(({ pid }) => pid)).toContain(String(server.pid));
  expect(shown.filter(({ text }) => text.includes(server.password))).toEqual([]);
});

describe('a folder of databases that something happened to', () => {
  let kept: string;
  let data: string;

  beforeAll(async () => {
    kept = await mkdtemp(join(tmpdir(), 'makoto-postgres-test-'));
    const server = await startPostgres({ dataDir: kept });
    await server.stop();
    data = server.data;
  });

  afterAll(() => rm(kept, { recursive: true, force: true }));

  test('its lock names a process that is no server: it starts all the same', async () => {
    // As after a crash, when the number has been given to another process: here, to this one.
    await writeFile(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n1\n1\n\n127.0.0.1\n`);

    const server = await start({ dataDir: kept });

    expect(await query(settingsOf(server), 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
  });

  test('it is of another version: it is refused with the words of PostgreSQL', async () => {
    const version = join(data, 'PG_VERSION');
    const right = await readFile(version);
    await writeFile(version, '12\n');

    await expect(startPostgres({ dataDir: kept })).rejects.toThrow(
      /did not start on .*its process ended with code 1[\s\S]*initialized by PostgreSQL version 12/,
    );
    await writeFile(version, right);
  });

  test('its password is gone: it is named', async () => {
    await rm(join(kept, 'cluster', 'password'));

    await expect(startPostgres({ dataDir: kept })).rejects.toThrow(
      `The folder of databases ${kept} cannot be used: ENOENT`,
    );
  });
});

/** Command lines and environments of all processes, where the system shows them (Linux). */
async function processes(): Promise<{ pid: string; text: string }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
  return Promise.all(
    pids.map(async (pid) => ({ pid, text: (await read(pid, 'cmdline')) + (await read(pid, 'environ')) })),
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
