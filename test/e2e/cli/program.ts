import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..', '..', '..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A compiled program of the package in a process of its own, with an environment of its own. It leads a group of processes, so that
 * a test can see whether it has left any behind.
 */
export class Program {
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();

  /** @param name of a file in local/cli */
  constructor(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const script = join(ROOT, 'dist', 'local', 'cli', `${name}.js`);
    const { PATH = '' } = process.env;
    this.#child = spawn(process.execPath, [script, ...args], { cwd: ROOT, env: { PATH, ...env }, detached: true });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
      this.#changed();
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      this.#changed();
    });
    this.ended = new Promise((done) => {
      this.#child.once('close', (code) => {
        done({ code, stdout: this.stdout, stderr: this.stderr });
        this.#changed();
      });
    });
  }

  /** Waits until the program has said something, on either output. @throws Error with all it said, where it ends before */
  async says(text: string): Promise<void> {
    while (!`${this.stdout}${this.stderr}`.includes(text)) {
      if (this.#child.exitCode !== null) throw new Error(`It never said "${text}":\n${this.stdout}\n${this.stderr}`);
      await new Promise<void>((resolve) => this.#watchers.add(resolve));
    }
  }

  /** As Ctrl-C does on a terminal. */
  async interrupt(): Promise<Ended> {
    this.#child.kill('SIGINT');
    return await this.ended;
  }

  /** Ends what is still there, after a test that failed. */
  kill(): void {
    if (this.hasProcesses) process.kill(-this.#pid, 'SIGKILL');
  }

  /** Whether any process of its group is alive. */
  get hasProcesses(): boolean {
    try {
      return process.kill(-this.#pid, 0);
    } catch {
      // No such process: that is what one hopes for.
      return false;
    }
  }

  get #pid(): number {
    return this.#child.pid ?? 0;
  }

  #changed(): void {
    const waiting = [...this.#watchers];
    this.#watchers.clear();
    for (const go of waiting) go();
  }
}

export function lastJson<Shape>({ stdout }: Pick<Ended, 'stdout'>): Shape {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Shape;
}

export async function readJson<Shape>(...path: string[]): Promise<Shape> {
  return JSON.parse(await readFile(join(...path), 'utf8')) as Shape;
}
