import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { BlobServiceClient, ContainerSASPermissions } from '@azure/storage-blob';
import { projectRoot } from '../../local/cli/project-root';
import type { Teardown } from '../../local/cli/teardown';
import { businessDay, utcFolders } from '../../shared/calendar';
import { Corpus } from '../blob-server/corpus';
import { messagesOfDay } from '../blob-server/corpus-shape';
import { findPython, type Python } from '../harness/python';
import type { ExportStage } from './export-round';

/** The program of the peer; standard input says what it exports. */
const PROGRAM = join('bench', 'export', 'peer.py');
const SIGNED_FOR_MS = 3_600_000;

export interface PythonLoop {
  /** What it is made of, and what it does not do. */
  readonly name: string;
  readonly python: Python;
}

export interface PythonLoopSearch {
  readonly loop?: PythonLoop;
  /** What is missing, for people. */
  readonly lacking: readonly string[];
}

/** What the peer needs on this machine: all of it, else all but what writes Parquet. */
export async function findPythonLoop(): Promise<PythonLoopSearch> {
  const whole = await findPython(['aiohttp', 'pandas', 'pyarrow']);
  if (whole.python !== undefined)
    return { loop: { name: 'aiohttp + pandas + pyarrow', python: whole.python }, lacking: [] };
  const { python } = await findPython(['aiohttp', 'pandas']);
  const { lacking } = whole;
  return python === undefined ? { lacking } : { loop: { name: 'aiohttp + pandas, without Parquet', python }, lacking };
}

/** @throws Error where it does not come to every message of the day */
export async function runPythonLoop(
  { python: { command } }: PythonLoop,
  { server, corpus }: ExportStage,
  teardown: Teardown,
): Promise<{ readonly cpuPerMessage: number; readonly messagesPerSecond: number }> {
  await server.ask('reset');
  const container = BlobServiceClient.fromConnectionString(server.connectionString).getContainerClient(
    server.container,
  );
  const signed = await container.generateSasUrl({
    permissions: ContainerSASPermissions.parse('rlcw'),
    expiresOn: new Date(Date.now() + SIGNED_FOR_MS),
  });
  const day = businessDay(corpus.date, 'Asia/Tokyo');
  const job = {
    url: container.url,
    signature: new URL(signed).search.slice(1),
    tenant: corpus.tenant,
    date: corpus.date,
    rooms: new Corpus(corpus).rooms.map(({ user, room }) => `${user}/${room}`),
    folders: utcFolders(day),
    begin: keyTime(day.start),
    end: keyTime(day.end),
    output: `${corpus.tenant}/analytics/python/messages.parquet`,
  };
  const { messages, cpuSeconds, seconds } = await runPython(command, JSON.stringify(job), teardown);
  if (messages !== messagesOfDay(corpus)) {
    throw new Error(`The Python loop came to ${messages} of ${messagesOfDay(corpus)} messages.`);
  }
  return { cpuPerMessage: (cpuSeconds / messages) * 1000, messagesPerSecond: messages / seconds };
}

/** An instant as keys write it. @param ms epoch */
function keyTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, -1).replaceAll(':', '-');
}

interface LoopAnswer {
  readonly messages: number;
  readonly cpuSeconds: number;
  readonly seconds: number;
}

/** The signature goes by standard input: a command line is everybody's to read. */
async function runPython(command: string, input: string, teardown: Teardown): Promise<LoopAnswer> {
  const child = spawn(command, [join(projectRoot(), PROGRAM)], { stdio: ['pipe', 'pipe', 'pipe'] });
  await teardown.add(() => child.kill());
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [code, answer, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`The Python loop ended with code ${code}.\n${errors.slice(-2000)}`);
  return JSON.parse(answer) as LoopAnswer;
}
