import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf, unlessMissing } from '../../shared/local/folder-errors';
import { canReach, type ServerAccount } from './server-account';

/**
 * The folder for temporary files that are this user's own: nobody else can have made it, or put something in it. It
 * is made where it is not there, in the first folder for temporary files that is safe and that the server's account
 * can reach: a TMPDIR of root's own may not be.
 *
 * @throws Error where somebody else has made it, or no folder is fit for it
 */
export async function privateFolder(account: ServerAccount | undefined, temporary = tmpdir()): Promise<string> {
  const parent = await fitParent(account, temporary);
  const folder = join(parent, `makoto-postgres-${process.getuid?.() ?? 'user'}`);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  const made = await lstat(folder);
  if (!made.isDirectory() || !isOurs(made) || (made.mode & 0o022) !== 0) {
    throw new Error(
      `${folder} belongs to another user, or others may write to it, so nothing is run from there. Remove it, or set TMPDIR to a folder of your own.`,
    );
  }
  // The server's account passes through it to what it may read, and sees no names.
  if (account !== undefined) await chmod(folder, 0o711);
  return folder;
}

async function fitParent(account: ServerAccount | undefined, temporary: string): Promise<string> {
  const candidates = [...new Set([temporary, '/tmp', '/var/tmp'])];
  for (const candidate of candidates) {
    const path = await realpath(candidate).catch(unlessMissing);
    if (path !== undefined && isSafeParent(await stat(path)) && (await canReach(path, account))) return path;
  }
  throw new Error(
    `PostgreSQL needs a folder for temporary files, and ${candidates.join(', ')} will not do. Set TMPDIR to one where others cannot rename your files${
      account === undefined ? '' : `, and which user ${account.uid} can reach`
    }.`,
  );
}

/**
 * Nobody but its owner can rename or remove a folder of ours in it: others may not write to it, or only with the
 * sticky bit.
 */
function isSafeParent(there: Stats): boolean {
  if (!there.isDirectory()) return false;
  return (there.uid === 0 || isOurs(there)) && ((there.mode & 0o022) === 0 || (there.mode & 0o1000) !== 0);
}

/** Where there are no users by number (Windows), a user's folder for temporary files is the user's own. */
function isOurs({ uid }: Stats): boolean {
  const own = process.getuid?.();
  return own === undefined || uid === own;
}
