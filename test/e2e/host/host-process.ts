import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const repository = resolve(__dirname, '../../..');
const entry = join(repository, 'dist/local/host/main.js');
export const workshop = join(repository, 'test/support/host-apps/workshop');
export const keys = { functionKey: 'the-function-key', systemKey: 'the-system-key' };

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) {
    await cleanUp();
  }
});

export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'local-host-'));
  cleanUps.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A copy of the workshop app with another host.json or package.json; it finds the repository's packages. */
export function workshopWith(files: { hostJson?: object; packageJson?: object }): string {
  const path = temporaryDirectory();
  cpSync(workshop, path, { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(path, 'node_modules'), 'junction');
  if (files.hostJson) {
    writeFileSync(join(path, 'host.json'), JSON.stringify(files.hostJson));
  }
  if (files.packageJson) {
    writeFileSync(join(path, 'package.json'), JSON.stringify(files.packageJson));
  }
  return path;
}

export interface ClientAnswer {
  readonly ok?: unknown;
  readonly error?: string;
}

export interface HostProcess {
  readonly url: string;
  /** All of its log so far. */
  log(): string;
  /** Calls a method of the real durable client, in the app. */
  client(call: string, ...args: unknown[]): Promise<ClientAnswer>;
  /** Starts an orchestration through the durable HTTP API and waits for its end. */
  run(name: string, input: unknown, instanceId?: string): Promise<InstanceState>;
  state(instanceId: string, query?: string): Promise<InstanceState | undefined>;
  waitUntil(instanceId: string, holds: (state: InstanceState) => boolean): Promise<InstanceState>;
  end(instanceId: string): Promise<InstanceState>;
  stop(): Promise<number | null>;
  kill(): Promise<void>;
  /** Resolves when the process has ended, however it did. */
  readonly ended: Promise<Ended>;
}

/** An instance as the durable HTTP API tells of it. */
export interface InstanceState {
  readonly instanceId: string;
  readonly runtimeStatus: string;
  readonly input: unknown;
  readonly output: unknown;
  readonly customStatus: unknown;
  readonly historyEvents: readonly Record<string, unknown>[] | null;
}

export interface HostProcessOptions {
  readonly app?: string;
  readonly state: string;
  readonly env?: Record<string, string>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly log: string;
}

/** One host for all tests of a file, with a ledger; for tests that do not get in each other's way. */
export function sharedHost(): { host: () => HostProcess; ledger: () => string[] } {
  let shared: HostProcess | undefined;
  let state: string | undefined;
  const host = () => {
    if (shared === undefined) {
      throw new Error('The host of this file did not start.');
    }
    return shared;
  };
  beforeAll(async () => {
    state = mkdtempSync(join(tmpdir(), 'local-host-'));
    shared = await startHostProcess({ state, env: { LEDGER: join(state, 'ledger') } });
    // It is stopped after all tests, not after the first.
    cleanUps.length = 0;
  });
  afterAll(async () => {
    await shared?.kill();
    if (state !== undefined) {
      rmSync(state, { recursive: true, force: true });
    }
  });
  return { host, ledger: () => linesOf(join(state ?? '', 'ledger')) };
}

/** Starts a host that is expected to end by itself, and gives how it ended. */
export async function runHostProcess(options: HostProcessOptions): Promise<Ended> {
  const { ended } = spawnHost(options);
  return ended;
}

/** Starts a host and waits until it is ready; it is killed after the test if it is still there. */
export async function startHostProcess(options: HostProcessOptions): Promise<HostProcess> {
  const { child, ready, ended, log } = spawnHost(options);
  const { url } = await ready;
  const headers = { 'x-functions-key': keys.systemKey };
  const base = `${url}/runtime/webhooks/durabletask`;
  const state = async (instanceId: string, query = ''): Promise<InstanceState | undefined> => {
    const response = await fetch(`${base}/instances/${encodeURIComponent(instanceId)}?${query}`, { headers });
    return response.status === 404 ? undefined : ((await response.json()) as InstanceState);
  };
  const waitUntil = (instanceId: string, holds: (state: InstanceState) => boolean) =>
    until(`"${instanceId}"`, async () => {
      const current = await state(instanceId);
      return current !== undefined && holds(current) ? current : undefined;
    });
  return {
    url,
    log,
    ended,
    client: async (call, ...args) => {
      const response = await fetch(`${url}/api/client/${call}`, { method: 'POST', body: JSON.stringify(args) });
      return (await response.json()) as ClientAnswer;
    },
    run: async (name, input, instanceId) => {
      const path = instanceId === undefined ? '' : `/${instanceId}`;
      const response = await fetch(`${base}/orchestrators/${name}${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(input),
      });
      const { id } = (await response.json()) as { id: string };
      return waitUntil(id, isEnded);
    },
    state,
    waitUntil,
    end: (instanceId) => waitUntil(instanceId, isEnded),
    stop: async () => {
      child.kill('SIGTERM');
      return (await ended).code;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const isEnded = ({ runtimeStatus }: InstanceState) => ['Completed', 'Failed', 'Terminated'].includes(runtimeStatus);

/** Asks again until there is an answer. @throws Error after 30 s, naming what was waited for */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what} did not come within 30 s.`);
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A file that the app's activities write a line to when they run. */
export function newLedger(): { path: string; lines(): string[] } {
  const path = join(temporaryDirectory(), 'ledger');
  return { path, lines: () => linesOf(path) };
}

function linesOf(path: string): string[] {
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

function spawnHost({ app = workshop, state, env = {} }: HostProcessOptions) {
  if (!existsSync(entry)) {
    throw new Error('dist/local/host/main.js is not there: run npm run build first.');
  }
  const child: ChildProcess = spawn(process.execPath, [entry, '--app', app, '--state', state], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      LOCAL_HOST_FUNCTION_KEY: keys.functionKey,
      LOCAL_HOST_SYSTEM_KEY: keys.systemKey,
      NIGHTLY_SCHEDULE: '0 0 17 31 12 *',
      ...env,
    },
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, log }));
  });
  cleanUps.push(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const ready = new Promise<{ url: string; functionKey: string }>((resolve, reject) => {
    if (child.stdout) {
      createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line)));
    }
    void ended.then(({ code, signal }) =>
      reject(new Error(`The host ended (${code ?? signal}) before it was ready:\n${log}`)),
    );
  });
  // Who does not wait for it must not be told of it.
  ready.catch(() => {});
  return { child, ready, ended, log: () => log };
}
