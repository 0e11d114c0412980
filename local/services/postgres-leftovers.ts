import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { unlessMissing } from '../../shared/local/folder-errors';
import { endServer, isRunningWith } from './process-table';
import { supervisorNamed } from './supervisor';

/** Of a name's supervisor; one of another machine (or container) with the same folder cannot be seen from here. */
export async function supervisorState(name: string): Promise<'running' | 'gone' | 'elsewhere'> {
  const supervisor = supervisorNamed(name);
  if (supervisor === undefined) return 'gone';
  if (supervisor.host !== hostname()) return 'elsewhere';
  return (await isRunningWith(supervisor.pid, supervisor.token)) ? 'running' : 'gone';
}

/** Where the cluster is in the folder of a server. */
export function clusterIn(home: string): { folder: string; data: string; password: string } {
  const folder = join(home, 'cluster');
  return { folder, data: join(folder, 'data'), password: join(folder, 'password') };
}

/**
 * Removes what a server and its supervisor left behind that were killed together: its process, and its folder below
 * this one. What belongs to a supervisor that still runs stays.
 *
 * @param kinds of folder: what their names begin with, before the supervisor's name
 */
export async function removeLeftovers(folder: string, kinds: readonly string[]): Promise<void> {
  for (const entry of await readdir(folder)) {
    const kind = kinds.find((prefix) => entry.startsWith(`${prefix}-`));
    if (kind === undefined) continue;
    const name = entry.slice(kind.length + 1);
    if (supervisorNamed(name) === undefined || (await supervisorState(name)) !== 'gone') continue;
    const left = join(folder, entry);
    await endLeftServer(left, name);
    // An initdb without a supervisor may still be writing, for as long as it takes.
    await rm(left, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/**
 * Ends the server that a supervisor which is gone has left in a folder. Its lock may also hold the number of a
 * process that is none, for numbers are given again: then the lock is removed, or PostgreSQL would take that process
 * for a server.
 */
export async function endLeftServer(home: string, supervisor: string): Promise<void> {
  const lock = join(clusterIn(home).data, 'postmaster.pid');
  const [line = ''] = ((await readFile(lock, 'utf8').catch(unlessMissing)) ?? '').split('\n');
  const pid = Number(line);
  if (!Number.isInteger(pid) || pid <= 0) return;
  const token = supervisorNamed(supervisor)?.token;
  if (token !== undefined && (await isRunningWith(pid, token))) await endServer(pid, token);
  else if (!(await isRunningWith(pid, 'postgres'))) await rm(lock, { force: true });
}
