import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Child } from '../harness/child';
import type { CorpusShape } from './corpus';

/** What is wrong with the service on purpose. Shares are of all requests, 0 to 1. */
export interface BlobServerFaults {
  readonly latencyMs?: number;
  readonly busyShare?: number;
  readonly resetShare?: number;
  readonly seed?: number;
}

export interface BlobServerInput {
  readonly account: string;
  readonly key: string;
  readonly container: string;
  readonly corpus: CorpusShape;
  readonly faults?: BlobServerFaults;
}

export interface BlobServerReady {
  readonly port: number;
}

/** A Blob Storage account with one container, in a process of its own: List, Get, Put and Delete Blob, with authorization checked. */
export class BlobServer {
  readonly account = 'benchaccount';
  readonly container = 'messages';

  private constructor(
    private readonly child: Child,
    readonly connectionString: string,
  ) {}

  static async start(corpus: CorpusShape, faults: BlobServerFaults = {}): Promise<BlobServer> {
    const key = randomBytes(64).toString('base64');
    const input: BlobServerInput = { account: 'benchaccount', key, container: 'messages', corpus, faults };
    const child = new Child(join(__dirname, 'blob-server-process.js'), input, ['--max-old-space-size=4096']);
    const { port } = await child.answer<BlobServerReady>();
    const endpoint = `http://127.0.0.1:${port}/benchaccount`;
    return new BlobServer(
      child,
      `DefaultEndpointsProtocol=http;AccountName=benchaccount;AccountKey=${key};BlobEndpoint=${endpoint};`,
    );
  }

  end(): Promise<void> {
    return this.child.end();
  }
}
