import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { BlobServiceClient, type StoragePipelineOptions } from '@azure/storage-blob';
import { endOf, type ProcessEnd, tailOf } from './child-process';

export interface AzuriteOptions {
  /** The folder that keeps the data; without it, everything is in memory and gone at the end. */
  readonly dataDir?: string | undefined;
  /** The files (PEM) of a certificate and its key: then it speaks https, and takes access tokens besides the key. */
  readonly tls?: { readonly certFile: string; readonly keyFile: string } | undefined;
}

export interface Azurite {
  /** Blob, queue and table endpoints with the emulator's well-known account. */
  readonly connectionString: string;
  /** The blob endpoint with the account: `http://127.0.0.1:PORT/devstoreaccount1`. */
  readonly blobUrl: string;
  /** Of the process, which this one started. */
  readonly pid: number;
  /** Makes a blob container, if it is not there. */
  createContainer(name: string): Promise<void>;
  /** Ends the process when it has written its data. */
  stop(): Promise<void>;
}

/** The account and key that every Azure Storage emulator has (learn.microsoft.com, "Use the Azurite emulator"). */
const ACCOUNT = 'devstoreaccount1';
const KEY = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/**
 * Loads Azurite in a process that ends itself when its standard input ends, for whatever reason: even a SIGKILL of this
 * process closes that pipe. It then goes Azurite's own way of ending, which writes the data, and has a while for it; what
 * it says meanwhile, nobody may be there to read.
 */
const CHILD_PROGRAM = `
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});
process.stdin.resume().unref();
process.stdin.once('close', () => {
  setTimeout(() => process.exit(1), 10000).unref();
  process.kill(process.pid, 'SIGTERM');
});
require(process.argv[1]);
`;

/**
 * Starts Azurite's blob, queue and table services on free ports of 127.0.0.1.
 *
 * @throws Error with what Azurite said, where it does not start
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const { dataDir, tls } = options;
  if (dataDir !== undefined) await mkdir(dataDir, { recursive: true });
  const child = spawn(process.execPath, ['-e', CHILD_PROGRAM, ...azuriteArguments(options)], {
    cwd: dataDir ?? tmpdir(),
    // None of ours: AZURITE_ACCOUNTS would change the account, NODE_OPTIONS could open a debugger's port twice.
    env: {},
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const end = endOf(child);
  try {
    const endpoints = await listeningEndpoints(child, end);
    const connectionString = connectionStringOf(endpoints);
    const ca = tls && (await readFile(tls.certFile, 'utf8'));
    const service = BlobServiceClient.fromConnectionString(connectionString, trusting(ca));
    return {
      connectionString,
      blobUrl: service.url,
      pid: child.pid ?? 0,
      createContainer: async (name) => {
        await service.getContainerClient(name).createIfNotExists();
      },
      stop: () => stop(child, end),
    };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

function trusting(ca: string | undefined): StoragePipelineOptions {
  // tlsOptions is an option of the pipeline below (@azure/core-rest-pipeline) that the storage package's type leaves out.
  const options: StoragePipelineOptions & { tlsOptions?: { ca: string } } =
    ca === undefined ? {} : { tlsOptions: { ca } };
  return options;
}

function azuriteArguments({ dataDir, tls }: AzuriteOptions): string[] {
  const where = dataDir === undefined ? ['--inMemoryPersistence'] : ['--location', dataDir];
  const ports = ['--blobPort', '0', '--queuePort', '0', '--tablePort', '0'];
  // Without the version check, newer clients than this Azurite knows can talk to it.
  const flags = ['--silent', '--disableTelemetry', '--skipApiVersionCheck'];
  const secure = tls === undefined ? [] : ['--oauth', 'basic', '--cert', tls.certFile, '--key', tls.keyFile];
  return [require.resolve('azurite/dist/src/azurite.js'), ...flags, ...ports, ...where, ...secure];
}

type Endpoints = Readonly<Record<'Blob' | 'Queue' | 'Table', string>>;

async function listeningEndpoints(child: ChildProcess, end: Promise<ProcessEnd>): Promise<Endpoints> {
  let timer: NodeJS.Timeout | undefined;
  const errors = tailOf(child.stderr);
  const found = new Promise<Endpoints>((resolve, reject) => {
    const output = tailOf(child.stdout, (text) => {
      const endpoints = endpointsIn(text);
      if (endpoints !== undefined) resolve(endpoints);
    });
    const failed = (how: string) =>
      reject(new Error(`Azurite did not start: ${how}.\n${errors()}${output()}`.trimEnd()));
    timer = setTimeout(() => failed(`it was not ready after ${START_TIMEOUT_MS / 1000} seconds`), START_TIMEOUT_MS);
    end.then(({ how }) => failed(how));
  });
  try {
    return await found;
  } finally {
    clearTimeout(timer);
  }
}

function endpointsIn(output: string): Endpoints | undefined {
  const lines = output.matchAll(/Azurite (Blob|Queue|Table) service is successfully listening at (https?:\S+)/g);
  const { Blob, Queue, Table } = Object.fromEntries([...lines].map(([, service, address]) => [service, address]));
  return Blob !== undefined && Queue !== undefined && Table !== undefined ? { Blob, Queue, Table } : undefined;
}

function connectionStringOf({ Blob, Queue, Table }: Endpoints): string {
  return [
    `DefaultEndpointsProtocol=${new URL(Blob).protocol.slice(0, -1)}`,
    `AccountName=${ACCOUNT}`,
    `AccountKey=${KEY}`,
    `BlobEndpoint=${Blob}/${ACCOUNT}`,
    `QueueEndpoint=${Queue}/${ACCOUNT}`,
    `TableEndpoint=${Table}/${ACCOUNT}`,
  ].join(';');
}

async function stop(child: ChildProcess, end: Promise<ProcessEnd>): Promise<void> {
  child.stdin?.destroy();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await end;
  clearTimeout(timer);
}
