import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errnoOf, unlessMissing } from '../../shared/local/folder-errors';
import { isError } from '../../shared/logging/is-error';
import type { PostgresBinaries } from './postgres-binaries';
import { clusterIn, endLeftServer, removeLeftovers, supervisorState } from './postgres-leftovers';
import { isRunning } from './process-table';
import type { ServerAccount } from './server-account';
import { type Command, CommandError, type Supervisor } from './supervisor';

/** A folder with databases that a server can be started on. */
export interface Cluster {
  readonly data: string;
  readonly password: string;
  /** Whether it is to outlive the server, and a crash of the machine. */
  readonly kept: boolean;
}

/** What it takes to run the programs of PostgreSQL. */
export interface PostgresPrograms {
  readonly supervisor: Supervisor;
  readonly binaries: PostgresBinaries;
  readonly account: ServerAccount | undefined;
}

/** The role that owns everything. */
export const SUPERUSER = 'postgres';

const INITDB_TIMEOUT_MS = 120_000;
/** A server whose starter is there may just be stopping. */
const STOPPING_MS = 2000;
/** A server whose starter is gone is being ended by its supervisor. */
const ENDING_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** Makes a cluster that is gone when the supervisor ends. */
export async function temporaryCluster(programs: PostgresPrograms, folder: string): Promise<Cluster> {
  const home = join(folder, `run-${programs.supervisor.name}`);
  programs.supervisor.removeAtEnd(home);
  await mkdir(home);
  if (programs.account !== undefined) await chmod(home, 0o711);
  return await madeCluster(programs, home, false);
}

/**
 * Opens the cluster of a folder, made where it is not there yet.
 *
 * @throws Error where another server uses the folder, or it cannot be used
 */
export async function keptCluster(programs: PostgresPrograms, dataDir: string): Promise<Cluster> {
  try {
    await mkdir(dataDir, { recursive: true });
    const home = await realpath(dataDir);
    await takeHome(home, programs.supervisor);
    await removeLeftovers(home, ['making']);
    if ((await stat(clusterIn(home).folder).catch(unlessMissing)) === undefined) {
      return await madeCluster(programs, home, true);
    }
    const { data, password } = clusterIn(home);
    return { data, password: (await readFile(password, 'utf8')).trim(), kept: true };
  } catch (error) {
    if (!isError(error) || errnoOf(error) === undefined) throw error;
    throw new Error(
      `The folder of databases ${dataDir} cannot be used: ${error.message}. Let this user write to it, or remove it to start with an empty database.`,
      { cause: error },
    );
  }
}

/** Makes sure that no other server uses the folder, and says in it who does from now on. */
async function takeHome(home: string, supervisor: Supervisor): Promise<void> {
  const holder = join(home, 'supervisor');
  const [before = '', starter = ''] = ((await readFile(holder, 'utf8').catch(unlessMissing)) ?? '').split('\n');
  for (let waited = 0; (await supervisorState(before)) === 'running'; waited += LOOK_EVERY_MS) {
    const limit = isRunning(Number(starter)) ? STOPPING_MS : ENDING_MS;
    if (waited >= limit) throw new Error(inUse(home));
    await delay(LOOK_EVERY_MS);
  }
  await endLeftServer(home, before);
  await writeFile(holder, `${supervisor.name}\n${process.pid}\n`);
}

function inUse(home: string): string {
  return `Another PostgreSQL server uses ${home}. Stop it (npm run dev, in another terminal?), or give this one a folder of its own.`;
}

/** The cluster gets its name when it is whole, so that one that was interrupted in the making is not taken for one. */
async function madeCluster(programs: PostgresPrograms, home: string, kept: boolean): Promise<Cluster> {
  const making = join(home, `making-${programs.supervisor.name}`);
  await mkdir(making);
  const password = await initialise(programs, making, kept);
  const { folder, data } = clusterIn(home);
  await rename(making, folder);
  return { data, password, kept };
}

async function initialise(programs: PostgresPrograms, folder: string, kept: boolean): Promise<string> {
  const { supervisor, binaries, account } = programs;
  const [data, passwordFile] = [join(folder, 'data'), join(folder, 'password')];
  const password = randomBytes(24).toString('base64url');
  await mkdir(data, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account !== undefined) {
    await chmod(folder, 0o711);
    for (const path of [data, passwordFile]) await chown(path, account.uid, account.gid);
  }
  const from = reachedFrom(data, account);
  const args = [
    `--pgdata=${from}`,
    `--pwfile=${from}/../password`,
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    // The same order and case of letters on every system.
    ...['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ...(kept ? [] : ['--no-sync']),
    '--no-instructions',
  ];
  try {
    await supervisor.run(programOf(programs, binaries.initdb, data, args), INITDB_TIMEOUT_MS);
  } catch (error) {
    throw programFailure('PostgreSQL could not make its data folder', error, account);
  }
  if (account !== undefined) await chown(passwordFile, 0, 0);
  return password;
}

/**
 * The name of the data folder for programs that run in it. An account that may not enter a folder on the way (root's
 * `mktemp -d` is one) can still use where it is already: root has put it there. PostgreSQL itself enters its data
 * folder by this name, and uses names relative to it from then on.
 */
export function reachedFrom(data: string, account: ServerAccount | undefined): string {
  const here = '/proc/self/cwd';
  return account !== undefined && existsSync(here) ? here : data;
}

/**
 * A program of PostgreSQL, without our environment: PGDATA and the like would count. The zone is the one that
 * databases get.
 */
export function programOf({ account }: PostgresPrograms, file: string, data: string, args: readonly string[]): Command {
  return { file, args, cwd: data, env: { LC_ALL: 'C', TZ: 'UTC' }, account };
}

/** Says what PostgreSQL said, and whom it ran as. */
export function programFailure(what: string, error: unknown, account: ServerAccount | undefined): unknown {
  if (!(error instanceof CommandError)) return error;
  const as = account === undefined ? '' : ` (as user ${account.uid}, since it refuses to run as root)`;
  return new Error(`${what}${as}: ${error.message}.\n${error.output}`.trimEnd(), { cause: error });
}
