import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SeenProcess {
  readonly pid: number;
  readonly commandLine: string;
  readonly environment: string;
}

/** Every process of this machine that can be looked at, as Linux shows it to whoever may see it; none on other systems. */
export async function processes(): Promise<SeenProcess[]> {
  if (!existsSync('/proc/self/environ')) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => ({
      pid: Number(pid),
      commandLine: await textOf(pid, 'cmdline'),
      environment: await textOf(pid, 'environ'),
    })),
  );
  return found.filter(({ commandLine }) => commandLine !== '');
}

async function textOf(pid: string, file: string): Promise<string> {
  try {
    return (await readFile(join('/proc', pid, file), 'latin1')).replaceAll('\0', ' ');
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return '';
  }
}
