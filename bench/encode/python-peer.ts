import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../local/cli/project-root';
import { findPython, type Python } from '../harness/python';
import type { Encoded } from './encode-job';

/** What this machine's Python can do of the work. */
export interface PythonPeer {
  readonly python: Python;
  readonly name: string;
  /** Without pyarrow it makes the DataFrame, and no file. */
  readonly writes: boolean;
}

export interface PythonPeerSearch {
  readonly peer?: PythonPeer;
  /** What is missing for all of the work, if anything is. */
  readonly condition?: string;
}

export async function findPythonPeer(): Promise<PythonPeerSearch> {
  const { python, lacking } = await findPython(['pandas', 'pyarrow']);
  if (python !== undefined) return { peer: { python, name: 'json, pandas and pyarrow', writes: true } };
  const { python: less } = await findPython(['pandas']);
  const condition = `json, pandas and pyarrow are not measured here: ${lacking.join('; ')}.`;
  if (less === undefined) return { condition };
  const name = 'json and pandas, without writing';
  return {
    peer: { python: less, name, writes: false },
    condition: `${condition} “${name}” ends with a DataFrame in memory: less work than ours.`,
  };
}

/** Encodes once to warm up and once to be measured, in a process of its own. */
export async function encodeInPython(
  { command }: Python,
  { folder, path, signal }: { readonly folder: string; readonly path: string; readonly signal: AbortSignal },
): Promise<Encoded> {
  const program = join(projectRoot(), 'bench', 'encode', 'peer.py');
  const { stdout } = await promisify(execFile)(command, [program, folder, path], { signal });
  return JSON.parse(stdout) as Encoded;
}
