import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ROOT } from '../../unit/docs/documents';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line as a person does who stands in the project's folder, or in another one, with an environment of its own. */
export async function runInShell(
  command: string,
  env: Readonly<Record<string, string>> = {},
  cwd = ROOT,
): Promise<Ended> {
  const { PATH = '' } = process.env;
  const child = spawn('sh', ['-c', command], { cwd, env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  return { code, stdout, stderr };
}
