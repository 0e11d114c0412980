import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ProgressEvent } from '../../local/host/progress';

/** The local host in a child process, as a test sees it. */
export interface HostProcess {
  readonly url: string;
  readonly functionKey: string;
  /** Everything that happened so far. */
  readonly events: readonly ProgressEvent[];
  /** Resolves with the first event, past or to come, that fits; or with undefined when the process ends without one. */
  event(fits: (event: ProgressEvent) => boolean): Promise<ProgressEvent | undefined>;
  request(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
  /** Resolves when the process has ended, with the signal that ended it, or null. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/** Starts a host over the compiled app. @throws Error with what it said where it does not come up */
export async function startHostProcess(
  stateDir: string,
  settings: Readonly<Record<string, string>>,
): Promise<HostProcess> {
  const child = spawn(process.execPath, [join(__dirname, 'host-child.js'), stateDir], {
    env: { PATH: process.env.PATH, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').then(([, signal]) => signal as NodeJS.Signals | null);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4000);
  });
  const events: ProgressEvent[] = [];
  const waiting = new Set<() => void>();
  const ready = new Promise<{ url: string; functionKey: string } | undefined>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const said = JSON.parse(line) as { ready?: { url: string; functionKey: string }; event?: ProgressEvent };
      if (said.ready !== undefined) resolve(said.ready);
      if (said.event !== undefined) events.push(said.event);
      for (const look of [...waiting]) look();
    });
    ended.then(() => resolve(undefined));
  });
  const address = await ready;
  if (address === undefined) throw new Error(`The host did not come up: ${errors}`);
  return {
    ...address,
    events,
    ended,
    event: (fits) => firstEvent(events, waiting, ended, fits),
    request: (path, init = {}) =>
      fetch(`${address.url}${path}`, { ...init, headers: { 'x-functions-key': address.functionKey, ...init.headers } }),
    stop: () => stop(child, ended),
  };
}

function firstEvent(
  events: readonly ProgressEvent[],
  waiting: Set<() => void>,
  ended: Promise<unknown>,
  fits: (event: ProgressEvent) => boolean,
): Promise<ProgressEvent | undefined> {
  return new Promise((resolve) => {
    const finish = (event: ProgressEvent | undefined) => {
      waiting.delete(look);
      resolve(event);
    };
    const look = () => {
      const found = events.find(fits);
      if (found !== undefined) finish(found);
    };
    waiting.add(look);
    look();
    ended.then(() => finish(events.find(fits)));
  });
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGTERM');
  await ended;
}
