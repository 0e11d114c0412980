import { type ChildProcess, spawn } from 'node:child_process';
import { endOf, type ProcessEnd, tailOf } from './child-process';

export interface MotoOptions {
  /** The program; the python3 of this process's PATH if not given. */
  readonly python?: string | undefined;
  /** Whether IAM knows the policies that AWS itself has; reading them takes some seconds. */
  readonly managedPolicies?: boolean | undefined;
}

/** S3, Secrets Manager, EventBridge, IAM and more of AWS, in the memory of one process. Any credentials are taken. */
export interface Moto {
  /** `http://127.0.0.1:PORT`, for every service. */
  readonly endpoint: string;
  /** Of the process, which this one started. */
  readonly pid: number;
  /** Forgets everything that was made. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;
const NOT_INSTALLED = 'no moto.server';

/**
 * Serves on a free port, and ends itself when its standard input ends: even a SIGKILL of this process closes that pipe.
 */
const PROGRAM = `
import os, sys, threading

def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)

threading.Thread(target=end_with_parent, daemon=True).start()
os.environ['MOTO_IAM_LOAD_MANAGED_POLICIES'] = sys.argv[1]
try:
    from moto.server import main
except ImportError as error:
    print('${NOT_INSTALLED}:', error, file=sys.stderr)
    sys.exit(1)
main(['-H', '127.0.0.1', '-p', '0'])
`;

/**
 * Starts moto's server (docs.getmoto.org, "Server mode") in a process that ends with this one.
 *
 * @returns undefined where there is no such program, or it has no moto.server (`pip install 'moto[server]'`)
 * @throws Error with what moto said, where it is there and does not start
 */
export async function startMoto({
  python = 'python3',
  managedPolicies = false,
}: MotoOptions = {}): Promise<Moto | undefined> {
  // The environment is this process's own: it tells where python3 is, and where that one's packages are.
  const child = spawn(python, ['-c', PROGRAM, String(managedPolicies)], { stdio: ['pipe', 'ignore', 'pipe'] });
  // A process that could not be started takes no input.
  child.stdin.on('error', () => {});
  const end = endOf(child);
  const endpoint = await listeningEndpoint(child, end).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  if (endpoint === undefined) return undefined;
  return {
    endpoint,
    pid: child.pid ?? 0,
    reset: () => reset(endpoint),
    stop: () => stop(child, end),
  };
}

/** Where it listens; undefined where there is nothing that could. */
async function listeningEndpoint(child: ChildProcess, end: Promise<ProcessEnd>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | undefined>((resolve, reject) => {
      // It writes a line for every request, which has to be read for as long as it runs.
      const output = tailOf(child.stderr, (text) => {
        const endpoint = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
        if (endpoint !== undefined) resolve(endpoint);
      });
      const failed = (how: string) => reject(new Error(`moto did not start: ${how}.\n${output()}`.trimEnd()));
      timer = setTimeout(() => failed(`it was not ready after ${START_TIMEOUT_MS / 1000} seconds`), START_TIMEOUT_MS);
      end.then(({ how }) => {
        if (child.pid === undefined || output().includes(NOT_INSTALLED)) resolve(undefined);
        else failed(how);
      });
    });
  } finally {
    clearTimeout(timer);
  }
}

async function reset(endpoint: string): Promise<void> {
  const answer = await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`moto could not be reset: it answered ${answer.status}.`);
}

async function stop(child: ChildProcess, end: Promise<ProcessEnd>): Promise<void> {
  child.stdin?.destroy();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await end;
  clearTimeout(timer);
}
