import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../cli/project-root';
import { bundleApp } from './bundle';
import { finishPackage } from './finish-package';

/**
 * `npm run package:aws`: what is deployed to Lambda, a zip for each function. The handlers are `main.handler` in the one,
 * `main.durableHandler` and `main.workerHandler` in the other.
 */

/** A larger zip means that something got into it that does not belong there. */
const LARGEST_ZIP = 12_000_000;

/** What only Azure has a use for: see platform.ts of aws-fallback, which refuses the setting that would need it. */
const NEVER_NEEDED = ['*/azure-monitor'];

/** The packages by their names, with the entry point whose exports are the handlers. */
const PACKAGES = { 'aws-handler': 'handler', 'aws-durable': 'durable-handler' } as const;

async function packageAws(root: string): Promise<void> {
  for (const [name, entry] of Object.entries(PACKAGES)) {
    const target = join(root, 'dist', name);
    const entries = [`dist/aws-fallback/${entry}.js`];
    const files = await bundleApp({ root, entries, exports: true, external: NEVER_NEEDED, target });
    // Beside the package, for whoever asks what is in it.
    await writeFile(join(root, 'dist', `${name}.files.json`), JSON.stringify(files));
    await finishPackage({ root, target, zip: join(root, 'dist', `${name}.zip`), largest: LARGEST_ZIP });
  }
}

packageAws(projectRoot()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
