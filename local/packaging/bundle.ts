import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { thirdPartyNotices } from './third-party-notices';

export interface BundleOptions {
  /** The project's folder, built. */
  readonly root: string;
  /** The compiled files that register functions, by their paths from the project's folder. */
  readonly entries: readonly string[];
  /** What the runtime brings itself. */
  readonly external: readonly string[];
  /** Emptied first. */
  readonly target: string;
  /** Compiled programs of worker threads, each looked for under its own name beside the file that starts it. */
  readonly threads?: readonly string[];
  /** Whether the bundle gives what its entry exports; else its entries are only run. */
  readonly exports?: boolean;
}

/** `pg` looks whether its native sibling is installed, which it never is here. */
const NEVER_INSTALLED = ['pg-native'];

/** Packages that are ES modules ask for their own address, which a CommonJS file has under another name. */
const OWN_ADDRESS = "const bundleAddress = require('node:url').pathToFileURL(__filename).href;";

/**
 * Bundles the app into `main.js`, with what that file looks for beside itself: the programs of threads, the WebAssembly of the Parquet
 * writer, the SQL of the catalogue; and the licenses of what is in it.
 *
 * @returns the files that are in the bundle
 */
export async function bundleApp(options: BundleOptions): Promise<readonly string[]> {
  const { root, entries, external, target, threads = [], exports = false } = options;
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const inputs = await bundle(root, contentsOf(entries, exports), external, join(target, 'main.js'));
  for (const thread of threads) {
    inputs.push(...(await bundle(root, contentsOf([thread], false), external, join(target, basename(thread)))));
  }
  const wasm = 'parquet_wasm_bg.wasm';
  await copyFile(join(root, 'node_modules/parquet-wasm/node', wasm), join(target, wasm));
  for (const folder of ['sql', 'migrations']) {
    await cp(join(root, 'dist/shared/postgres', folder), join(target, folder), { recursive: true });
  }
  await writeFile(join(target, 'THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices(root, inputs));
  return inputs;
}

/** Names are kept as they are, because errors and stacks show them. */
async function bundle(root: string, contents: string, external: readonly string[], outfile: string): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents, resolveDir: root },
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    external: [...external, ...NEVER_INSTALLED],
    banner: { js: OWN_ADDRESS },
    define: { 'import.meta.url': 'bundleAddress' },
    outfile,
    metafile: true,
    logLevel: 'error',
  });
  return Object.keys(metafile.inputs);
}

function contentsOf(entries: readonly string[], exports: boolean): string {
  return entries.map((entry) => `${exports ? 'module.exports = ' : ''}require('./${entry}');`).join('\n');
}
