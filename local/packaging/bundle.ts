import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
}

/** `pg` looks whether its native sibling is installed, which it never is here. */
const NEVER_INSTALLED = ['pg-native'];

/** Packages that are ES modules ask for their own address, which a CommonJS file has under another name. */
const OWN_ADDRESS = "const bundleAddress = require('node:url').pathToFileURL(__filename).href;";

/** Of a worker thread, looked for under its own name beside the file that starts it. */
const ENCODING_THREAD = 'encoding-thread.js';

/**
 * Bundles the app into `main.js`, with what that file looks for beside itself: the program of the thread that encodes, the WebAssembly
 * of the Parquet writer, the SQL of the catalogue; and the licenses of what is in it.
 */
export async function bundleApp({ root, entries, external, target }: BundleOptions): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const inputs = [
    ...(await bundle(root, entries, external, join(target, 'main.js'))),
    ...(await bundle(root, [`dist/shared/parquet/${ENCODING_THREAD}`], external, join(target, ENCODING_THREAD))),
  ];
  const wasm = 'parquet_wasm_bg.wasm';
  await copyFile(join(root, 'node_modules/parquet-wasm/node', wasm), join(target, wasm));
  for (const folder of ['sql', 'migrations']) {
    await cp(join(root, 'dist/shared/postgres', folder), join(target, folder), { recursive: true });
  }
  await writeFile(join(target, 'THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices(root, inputs));
}

/** Names are kept as they are, because errors and stacks show them. @returns the files that are in the bundle */
async function bundle(
  root: string,
  entries: readonly string[],
  external: readonly string[],
  outfile: string,
): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: entries.map((entry) => `require('./${entry}');`).join('\n'), resolveDir: root },
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
