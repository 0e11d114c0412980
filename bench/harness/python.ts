import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export interface Python {
  /** The path of its program: to be started, and not to be shown. */
  readonly command: string;
  readonly version: string;
  /** The versions of the modules that were asked for, by their names: of those that it has. */
  readonly modules: Readonly<Record<string, string>>;
}

export interface PythonSearch {
  /** The first one that has every module. */
  readonly python?: Python;
  /** Of each one that was found before it: `Python 3.11.2 lacks pyarrow`; of a machine without any, `there is no python3`. */
  readonly lacking: readonly string[];
}

/** Imports each module: one that is there and does not load is of no use. */
const PROBE = `
import importlib, json, platform, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = getattr(importlib.import_module(name), '__version__', '')
    except Exception:
        pass
print(json.dumps({'prefix': sys.prefix, 'version': platform.python_version(), 'modules': found}))
`;

const PROBE_TIMEOUT_MS = 60_000;

/**
 * Looks for a python3 on PATH that has these modules: not only the first, because people who keep several have another one for such work.
 *
 * @param path the directories, as PATH has them
 */
export async function findPython(modules: readonly string[], path = process.env.PATH ?? ''): Promise<PythonSearch> {
  const seen = new Set<string>();
  const lacking: string[] = [];
  for (const directory of path.split(delimiter).filter((each) => each !== '')) {
    const found = await probe(join(directory, 'python3'), modules);
    if (found === undefined || seen.has(found.prefix)) continue;
    seen.add(found.prefix);
    const missing = modules.filter((name) => found.python.modules[name] === undefined);
    if (missing.length === 0) return { python: found.python, lacking };
    lacking.push(`Python ${found.python.version} lacks ${missing.join(', ')}`);
  }
  return { lacking: lacking.length === 0 ? ['there is no python3'] : lacking };
}

/** @returns undefined where there is none, or it does not start: a link or a wrapper may lead nowhere */
async function probe(
  command: string,
  modules: readonly string[],
): Promise<{ readonly prefix: string; readonly python: Python } | undefined> {
  try {
    const { stdout } = await promisify(execFile)(command, ['-c', PROBE, ...modules], { timeout: PROBE_TIMEOUT_MS });
    const answer = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as { prefix: string } & Omit<
      Python,
      'command'
    >;
    return { prefix: answer.prefix, python: { command, version: answer.version, modules: answer.modules } };
  } catch {
    return undefined;
  }
}
