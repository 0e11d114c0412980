import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatBytes } from '../cli/figures';
import { projectRoot, shownPath } from '../cli/project-root';
import { bundleApp } from './bundle';
import { zipFolder } from './zip';

/** `npm run package:azure`: what is deployed to a function app, as a folder and as a zip of it. */

/** A larger zip means that something got into it that does not belong there. */
const LARGEST_ZIP = 15_000_000;

/** What the worker of Azure Functions gives to the app. */
const OF_THE_WORKER = ['@azure/functions-core'];

async function packageAzure(root: string): Promise<void> {
  const target = join(root, 'dist', 'azure');
  const files = await readdir(join(root, 'dist', 'functions'));
  const entries = files.filter((file) => file.endsWith('.js')).map((file) => `dist/functions/${file}`);
  await bundleApp({ root, entries: entries.sort(), external: OF_THE_WORKER, target });
  await copyFile(join(root, 'host.json'), join(target, 'host.json'));
  await copyFile(join(root, 'LICENSE'), join(target, 'LICENSE'));
  const { name, version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const description = { name, version, license, private: true, main: 'main.js' };
  await writeFile(join(target, 'package.json'), `${JSON.stringify(description, undefined, 2)}\n`);

  const zip = join(root, 'dist', 'azure.zip');
  const size = await zipFolder(target, zip);
  if (size > LARGEST_ZIP) {
    throw new Error(
      `${shownPath(zip)} has ${formatBytes(size)}, and ${formatBytes(LARGEST_ZIP)} are the most it may have.`,
    );
  }
  process.stdout.write(`${shownPath(zip)}: ${formatBytes(size)}, of ${shownPath(target)}/\n`);
}

packageAzure(projectRoot()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
