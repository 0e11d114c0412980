import { once } from 'node:events';
import { createServer } from 'node:net';
import { Client } from 'pg';
import { installedPostgres, postgresBinaries } from './postgres-binaries';
import {
  type Cluster,
  keptCluster,
  type PostgresPrograms,
  programFailure,
  programOf,
  reachedFrom,
  SUPERUSER,
  temporaryCluster,
} from './postgres-cluster';
import { clusterIn, removeLeftovers } from './postgres-leftovers';
import { privateFolder } from './private-folder';
import { serverAccount } from './server-account';
import { CommandError, Supervisor } from './supervisor';

export interface PostgresOptions {
  /** The folder that keeps the databases; without it, they are gone at the end. */
  readonly dataDir?: string | undefined;
  /** A database to be made, if it is not there. */
  readonly database?: string | undefined;
}

export interface Postgres {
  readonly host: string;
  readonly port: number;
  /** May do everything. */
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** The folder of its databases. */
  readonly data: string;
  /** Of the server's first process. */
  readonly pid: number;
  /** Ends the server when it has written its data. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 60_000;
const PORT_ATTEMPTS = 10;

/** What PostgreSQL says when it takes connections, and when its port is another's. */
const READY = 'database system is ready to accept connections';
const PORT_TAKEN = /could not bind .*: (Address already in use|Only one usage)/;

/**
 * Starts PostgreSQL on a free port of 127.0.0.1, in a process that ends when this one ends, however that ends. Root's
 * server runs as another user. The password belongs to the data folder.
 *
 * @throws Error with what PostgreSQL said, where it does not start
 */
export async function startPostgres({ dataDir, database = 'shirogane' }: PostgresOptions = {}): Promise<Postgres> {
  const account = await serverAccount(dataDir && clusterIn(dataDir).data);
  const installed = await installedPostgres();
  const folder = await privateFolder(account);
  await removeLeftovers(folder, ['run', 'copy']);
  const supervisor = new Supervisor();
  try {
    const binaries = await postgresBinaries(installed, account, { folder, making: `copy-${supervisor.name}` });
    const programs = { supervisor, binaries, account };
    const cluster = await (dataDir === undefined ? temporaryCluster(programs, folder) : keptCluster(programs, dataDir));
    const { port, pid } = await serve(programs, cluster);
    const login = { host: HOST, port, user: SUPERUSER, password: cluster.password };
    await createDatabase(login, database);
    return { ...login, database, data: cluster.data, pid, stop: () => supervisor.end() };
  } catch (error) {
    await supervisor.end();
    throw error;
  }
}

/** @param choosePort is asked again where the port has been taken since */
export async function serve(
  programs: PostgresPrograms,
  cluster: Cluster,
  choosePort: () => Promise<number> = freePort,
): Promise<{ port: number; pid: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await choosePort();
    const args = serverArguments(programs, cluster, port);
    const command = programOf(programs, programs.binaries.postgres, cluster.data, args);
    try {
      return { port, pid: await programs.supervisor.start(command, READY, START_TIMEOUT_MS) };
    } catch (error) {
      if (error instanceof CommandError && PORT_TAKEN.test(error.output) && attempt < PORT_ATTEMPTS) continue;
      throw programFailure(`PostgreSQL did not start on ${cluster.data}`, error, programs.account);
    }
  }
}

function serverArguments({ supervisor, account }: PostgresPrograms, { data, kept }: Cluster, port: number): string[] {
  const settings = {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: '',
    // By this, a server is found again that has lost its supervisor.
    cluster_name: `makoto-${supervisor.token}`,
    // A statement may hold what is nobody's business.
    log_min_error_statement: 'panic',
    ...(kept ? {} : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
  };
  return [
    '-D',
    reachedFrom(data, account),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The system gave no free port.');
  return address.port;
}

type Login = Pick<Postgres, 'host' | 'port' | 'user' | 'password'>;

async function createDatabase(login: Login, database: string): Promise<void> {
  const client = new Client({ ...login, database: 'postgres', ssl: false });
  // A connection that breaks fails the query; without a listener it would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(database)} TEMPLATE template0`);
  } finally {
    await client.end();
  }
}
