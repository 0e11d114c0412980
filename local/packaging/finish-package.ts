import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '../cli/figures';
import { shownPath } from '../cli/project-root';
import { zipFolder } from './zip';

export interface PackageOptions {
  /** The project's folder. */
  readonly root: string;
  /** The folder with the bundle. */
  readonly target: string;
  readonly zip: string;
  /** The most that the zip may have, in bytes. */
  readonly largest: number;
}

/** Adds what every package has to a bundle, and zips it. @throws Error where the zip is larger than it may be */
export async function finishPackage({ root, target, zip, largest }: PackageOptions): Promise<void> {
  await copyFile(join(root, 'LICENSE'), join(target, 'LICENSE'));
  const { name, version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const description = { name, version, license, private: true, main: 'main.js' };
  await writeFile(join(target, 'package.json'), `${JSON.stringify(description, undefined, 2)}\n`);
  const size = await zipFolder(target, zip);
  if (size > largest) {
    throw new Error(
      `${shownPath(zip)} has ${formatBytes(size)}, and ${formatBytes(largest)} are the most it may have.`,
    );
  }
  process.stdout.write(`${shownPath(zip)}: ${formatBytes(size)}, of ${shownPath(target)}/\n`);
}
