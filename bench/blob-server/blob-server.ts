import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Child } from '../harness/child';
import type { CorpusShape } from './corpus';
import type { BlobServerFaults } from './faults';
import type { RequestCounts } from './request-counts';

export type { BlobServerFaults } from './faults';

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

/** `count`: tell what there was to do; `reset`: and forget whatever was written. */
export type BlobServerCommand = 'count' | 'reset';

/** What there was to do since this was last asked for. */
export interface BlobServerWork {
  readonly requests: RequestCounts;
  /** Of the server's process, user and system. */
  readonly cpuMs: number;
}

export interface BlobServerOptions {
  readonly faults?: BlobServerFaults;
  /** The folder of the program, compiled; this module's own, if not given. */
  readonly programs?: string;
}

/** A Blob Storage account with one container, in a process of its own; authorization is checked. */
export class BlobServer {
  readonly account = 'benchaccount';
  readonly container = 'messages';

  private constructor(
    private readonly child: Child,
    readonly connectionString: string,
  ) {}

  static async start(corpus: CorpusShape, options: BlobServerOptions = {}): Promise<BlobServer> {
    const { faults = {}, programs = __dirname } = options;
    const key = randomBytes(64).toString('base64');
    const input: BlobServerInput = { account: 'benchaccount', key, container: 'messages', corpus, faults };
    const child = new Child(join(programs, 'blob-server-process.js'), input, ['--max-old-space-size=4096']);
    const { port } = await child.answer<BlobServerReady>();
    const endpoint = `http://127.0.0.1:${port}/benchaccount`;
    return new BlobServer(
      child,
      `DefaultEndpointsProtocol=http;AccountName=benchaccount;AccountKey=${key};BlobEndpoint=${endpoint};`,
    );
  }

  ask(command: BlobServerCommand): Promise<BlobServerWork> {
    this.child.send({ command });
    return this.child.answer<BlobServerWork>();
  }

  end(): Promise<void> {
    return this.child.end();
  }
}
