import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../local/cli/project-root';

/** What a bench ran on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** In units of a thousand million bytes. */
  readonly memoryGb: number;
  readonly os: string;
  readonly node: string;
  /** Processes that wanted a core in the minute before: what else the machine had to do. */
  readonly load: number;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e9),
    os: `${type()} ${release()} ${arch()}`,
    node: process.version,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

/** The installed versions of packages, by their names. */
export function packageVersions(...names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, versionOf(name)]));
}

function versionOf(name: string): string {
  const file = join(projectRoot(), 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
