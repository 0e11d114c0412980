import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../cli/project-root';
import { bundleApp } from './bundle';
import { finishPackage } from './finish-package';

/** `npm run package:azure`: what is deployed to a function app, as a folder and as a zip of it. */

/** A larger zip means that something got into it that does not belong there. */
const LARGEST_ZIP = 15_000_000;

/** What the worker of Azure Functions gives to the app. */
const OF_THE_WORKER = ['@azure/functions-core'];

const ENCODING_THREAD = 'dist/shared/parquet/encoding-thread.js';

async function packageAzure(root: string): Promise<void> {
  const target = join(root, 'dist', 'azure');
  const files = await readdir(join(root, 'dist', 'functions'));
  const entries = files.filter((file) => file.endsWith('.js')).map((file) => `dist/functions/${file}`);
  await bundleApp({ root, entries: entries.sort(), external: OF_THE_WORKER, threads: [ENCODING_THREAD], target });
  await copyFile(join(root, 'host.json'), join(target, 'host.json'));
  const zip = join(root, 'dist', 'azure.zip');
  await finishPackage({ root, target, zip, largest: LARGEST_ZIP });
}

packageAzure(projectRoot()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
