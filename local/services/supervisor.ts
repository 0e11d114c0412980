import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { endOf, type ProcessEnd } from './child-process';
import type { ServerAccount } from './server-account';

/** A program to be run, with the environment it gets and nothing else of ours. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whom it runs as; without it, as this process. */
  readonly account: ServerAccount | undefined;
}

/** A program that ended otherwise than it should; `output` is the last of what it said. */
export class CommandError extends Error {
  readonly output: string;

  constructor(how: string, output: string) {
    super(how);
    this.output = output;
  }
}

const STOP_TIMEOUT_MS = 30_000;

/**
 * Runs one program after the other for its parent, and outlives it by as long as it takes to end the program and to
 * remove a folder: its standard input is a pipe that ends with the parent, even by SIGKILL. It leads a session of its
 * own, so that what ends the parent's whole group does not end it too. Requests and answers are lines of JSON. A
 * program that stays ends in order (SIGINT) or else is made to; one that is run to its end is ended at once with the
 * programs that it runs, since what it makes is of no use unfinished.
 */
const PROGRAM = `
const { spawn } = require('node:child_process');
const { rmSync } = require('node:fs');
let running, stays, folder, ending = false;
process.stdout.on('error', () => {});
const tell = (answer) => process.stdout.write(JSON.stringify(answer) + '\\n');

function run({ file, args, options, awaited }) {
  stays = Boolean(awaited);
  // A group of its own, so that it can be ended with all programs it runs.
  const child = running = spawn(file, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '', ready = false;
  const hear = (text) => {
    output = (output + text).slice(-8000);
    if (ready || !awaited || !output.includes(awaited)) return;
    ready = true;
    tell({ pid: child.pid });
  };
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const ended = (how) => {
    if (running !== child) return;
    running = undefined;
    if (ending) finish();
    tell({ how, output });
  };
  child.once('error', (error) => ended('its process could not be started (' + error.message + ')'));
  child.once('close', (code, signal) =>
    ended(code === 0 ? '' : signal ? 'its process was ended by ' + signal : 'its process ended with code ' + code));
}

function finish() {
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  process.exit();
}

function end() {
  if (ending) return;
  ending = true;
  if (!running) return finish();
  if (!stays) return process.kill(-running.pid, 'SIGKILL');
  running.kill('SIGINT');
  setTimeout(() => running.kill('SIGQUIT'), 10000);
  setTimeout(() => running.kill('SIGKILL'), 15000);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
require('node:readline').createInterface({ input: process.stdin }).on('close', end).on('line', (line) => {
  if (ending) return;
  const request = JSON.parse(line);
  if (request.folder) folder = request.folder;
  else run(request);
});
`;

interface Answer {
  /** Of a program that is ready. */
  readonly pid?: number;
  /** Of a program that ended: the part of a sentence, or nothing where it ended well. */
  readonly how?: string;
  readonly output?: string;
}

/** A process that sees to it that no program it runs outlives this process. */
export class Supervisor {
  /** Tells it from every other, also from a later process with the same number: its command line holds the token. */
  readonly name: string;
  readonly token = randomBytes(8).toString('hex');
  readonly #child: ChildProcess;
  readonly #end: Promise<ProcessEnd>;
  #hear: (answer: Answer) => void = () => {};

  constructor() {
    const { token } = this;
    const child = spawn(process.execPath, ['-e', PROGRAM, 'makoto-supervisor', token], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child = child;
    this.name = `${hostname()}-${child.pid ?? 0}-${token}`;
    // A supervisor that is gone is noticed by its end; a write to it has nothing to add.
    child.stdin.on('error', () => {});
    createInterface({ input: child.stdout }).on('line', (line) => this.#hear(JSON.parse(line)));
    this.#end = endOf(child);
  }

  /** Has a folder removed at the end, when no program uses it any more. */
  removeAtEnd(folder: string): void {
    this.#ask({ folder });
  }

  /** Runs a program to its end. @throws CommandError where it does not end well */
  async run(command: Command, timeoutMs: number): Promise<void> {
    const { how, output = '' } = await this.#answerTo(command, undefined, timeoutMs);
    if (how !== '') throw new CommandError(how ?? '', output);
  }

  /**
   * Starts a program that stays.
   *
   * @param awaited what it says when it is ready
   * @returns its process's number
   * @throws CommandError where it ends instead
   */
  async start(command: Command, awaited: string, timeoutMs: number): Promise<number> {
    const { pid, how, output = '' } = await this.#answerTo(command, awaited, timeoutMs);
    if (pid === undefined) throw new CommandError(how || 'its process ended', output);
    this.#endWithSupervisor(pid);
    return pid;
  }

  /** Ends the program that runs, if any, and the supervisor. */
  async end(): Promise<void> {
    this.#child.stdin?.destroy();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.#end;
    clearTimeout(timer);
  }

  /** A supervisor that was killed has left its program behind. */
  #endWithSupervisor(pid: number): void {
    this.#child.once('exit', (code) => {
      if (code === 0) return;
      try {
        process.kill(pid, 'SIGINT');
      } catch {
        // It has ended too.
      }
    });
  }

  async #answerTo(
    { cwd, account, env, ...program }: Command,
    awaited: string | undefined,
    ms: number,
  ): Promise<Answer> {
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<Answer>((resolve) => {
      this.#hear = resolve;
      timer = setTimeout(() => resolve({ how: `it was not ready after ${ms / 1000} seconds` }), ms);
      this.#end.then(({ how }) => resolve({ how: `${how}, which was to look after it` }));
    });
    this.#ask({ ...program, options: { cwd, env, ...account }, awaited });
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #ask(request: unknown): void {
    this.#child.stdin?.write(`${JSON.stringify(request)}\n`);
  }
}

const NAME = /^(?<host>.+)-(?<pid>\d+)-(?<token>[0-9a-f]{16})$/;

/** The parts of a supervisor's name. */
export function supervisorNamed(name: string): { host: string; pid: number; token: string } | undefined {
  const { host, pid, token } = NAME.exec(name)?.groups ?? {};
  return host === undefined || token === undefined ? undefined : { host, pid: Number(pid), token };
}
