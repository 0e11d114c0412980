import { copyFile, cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
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

/**
 * Bundles the app into `main.js`, with what that file looks for beside itself: the WebAssembly of the Parquet writer, the SQL of the
 * catalogue; and the licenses of what is in it. Names are kept as they are, because errors and stacks show them.
 */
export async function bundleApp({ root, entries, external, target }: BundleOptions): Promise<Metafile> {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
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
    outfile: join(target, 'main.js'),
    metafile: true,
    logLevel: 'error',
  });
  const wasm = 'parquet_wasm_bg.wasm';
  await copyFile(join(root, 'node_modules/parquet-wasm/node', wasm), join(target, wasm));
  for (const folder of ['sql', 'migrations']) {
    await cp(join(root, 'dist/shared/postgres', folder), join(target, folder), { recursive: true });
  }
  await writeFile(join(target, 'THIRD-PARTY-NOTICES.txt'), await thirdPartyNotices(root, Object.keys(metafile.inputs)));
  return metafile;
}
