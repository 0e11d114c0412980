import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { unlessMissing } from '../../shared/local/folder-errors';

/** A user of the system, by number. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody`: the account without rights that every system has, so that none has to be made. */
const NOBODY: ServerAccount = { uid: 65534, gid: 65534 };

/**
 * Whom PostgreSQL runs as, which refuses to run as root: as this process, or where that is root's, as the owner of
 * the data that is there, or else as `nobody`.
 *
 * @returns nothing where it is this process's own
 */
export async function serverAccount(data?: string): Promise<ServerAccount | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const there = data === undefined ? undefined : await stat(data).catch(unlessMissing);
  return there === undefined || there.uid === 0 ? NOBODY : { uid: there.uid, gid: there.gid };
}

/** Whether an account may come as far as into a folder, or as to run a file: all folders on the way let it pass. */
export async function canReach(path: string, account: ServerAccount | undefined): Promise<boolean> {
  if (account === undefined) return true;
  for (let at = resolve(path); ; at = dirname(at)) {
    const there = await stat(at).catch(unlessMissing);
    // What is not there yet will be made by this process, with the rights that its account needs.
    if (there !== undefined && !mayPass(there, account)) return false;
    if (at === dirname(at)) return true;
  }
}

function mayPass({ mode, uid, gid }: Stats, account: ServerAccount): boolean {
  if (uid === account.uid) return (mode & 0o100) !== 0;
  if (gid === account.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
