import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { HostError, systemErrorCode } from '../errors';

/**
 * Holds a state directory for this process: two hosts on one history would both run its instances. The file names the
 * process; one left behind by a process that is gone is taken over.
 * @returns what gives the directory free again
 * @throws HostError `host_state_in_use`
 */
export function lockState(path: string): () => void {
  for (;;) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if (systemErrorCode(error) !== 'EEXIST') {
        throw error;
      }
    }
    const holder = Number(readHolder(path));
    // A restarted container gives a new host the very number of the one that died.
    if (holder !== process.pid && isAlive(holder)) {
      throw new HostError(
        'host_state_in_use',
        `Another local host (process ${holder}) uses this state: ${path}. Stop it, or give this one a state directory of its own.`,
      );
    }
    rmSync(path, { force: true });
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') {
      return '';
    }
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) {
    return false;
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not permitted to signal it: it is there, and somebody else's.
    return systemErrorCode(error) === 'EPERM';
  }
}
