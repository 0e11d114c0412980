import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

/** One item of telemetry as Application Insights takes it: the parts that tests look at. */
export interface Envelope {
  readonly name: string;
  readonly time: string;
  readonly sampleRate?: number;
  readonly iKey: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly data: { readonly baseType: string; readonly baseData: EnvelopeData };
}

export interface EnvelopeData {
  readonly id?: string;
  readonly name?: string;
  readonly message?: string;
  readonly severityLevel?: string | number;
  readonly success?: boolean;
  readonly duration?: string;
  readonly type?: string;
  readonly target?: string;
  readonly data?: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly metrics?: readonly { readonly name: string; readonly value: number; readonly count?: number }[];
  readonly exceptions?: readonly { readonly typeName: string; readonly message: string; readonly stack?: string }[];
}

/** Answers with a status code, or `never`; after a while, where there is one. */
export interface Behaviour {
  readonly status: number | 'never';
  readonly afterMs?: number;
}

/** A stand-in of the endpoint that Application Insights takes telemetry at. */
export class IngestionEndpoint {
  readonly envelopes: Envelope[] = [];
  /** Paths of all requests. */
  readonly paths: string[] = [];
  /** What came in, as it was sent. */
  readonly bodies: string[] = [];
  behaviour: Behaviour = { status: 200 };
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<IngestionEndpoint> {
    const server = createServer();
    const endpoint = new IngestionEndpoint(server);
    server.on('request', async (request: IncomingMessage, response) => {
      endpoint.paths.push(request.url ?? '');
      const items = endpoint.#take(request, await bodyOf(request));
      const { status, afterMs = 0 } = endpoint.behaviour;
      if (status === 'never') return;
      setTimeout(() => {
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ itemsReceived: items, itemsAccepted: status === 200 ? items : 0, errors: [] }));
      }, afterMs);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return endpoint;
  }

  #take(request: IncomingMessage, body: Buffer): number {
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
    this.bodies.push(text);
    // A JSON array, or a JSON object a line: the service takes both.
    const items = text.startsWith('[')
      ? JSON.parse(text)
      : text
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line));
    if (this.behaviour.status === 200) this.envelopes.push(...items);
    return items.length;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  connectionString(instrumentationKey: string): string {
    return `InstrumentationKey=${instrumentationKey};IngestionEndpoint=${this.origin}/;LiveEndpoint=${this.origin}/`;
  }

  ofType(baseType: string): Envelope[] {
    return this.envelopes.filter(({ data }) => data.baseType === baseType);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
