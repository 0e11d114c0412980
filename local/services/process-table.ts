import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errnoOf } from '../../shared/local/folder-errors';

/** Whether a process has that number, whosever it is. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

/**
 * Whether the process with that number is the one that was started with this word in its command line. Numbers are
 * given again, so the number alone does not tell; and one that has ended keeps it, without its command line, until
 * its parent asks how it ended. Where no command line is to be had, the number has to do.
 */
export async function isRunningWith(pid: number, word: string): Promise<boolean> {
  if (!isRunning(pid)) return false;
  const commandLine = await commandLineOf(pid);
  return commandLine === undefined ? isRunning(pid) : commandLine.includes(word);
}

async function commandLineOf(pid: number): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // No such file system outside of Linux: there, every system has the program ps.
  }
  try {
    const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'args=', '-p', String(pid)]);
    return stdout;
  } catch {
    return undefined;
  }
}

const WAITS: readonly (readonly [NodeJS.Signals, number])[] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];
const LOOK_EVERY_MS = 20;

/**
 * Ends a PostgreSQL server that is nobody's child any more: in order where it can, by force where it does not.
 *
 * @param word of its command line
 */
export async function endServer(pid: number, word: string): Promise<void> {
  for (const [signal, waitMs] of WAITS) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if (errnoOf(error) === 'ESRCH') return;
      throw error;
    }
    for (let waited = 0; waited < waitMs; waited += LOOK_EVERY_MS) {
      if (!(await isRunningWith(pid, word))) return;
      await delay(LOOK_EVERY_MS);
    }
  }
}
