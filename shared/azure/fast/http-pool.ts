import { createHttpHeaders, createPipelineRequest, proxyPolicy } from '@azure/core-rest-pipeline';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';

/** A whole answer. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: AnswerHeaders;
  readonly body: Buffer;
}

/** The headers of an answer as they came: there are many, and few of them are looked at. */
export class AnswerHeaders {
  /** @param raw names and values in turns */
  constructor(private readonly raw: readonly Buffer[]) {}

  /** The header's value, or undefined where there is none; several are joined by commas. @param name in lower case */
  get(name: string): string | undefined {
    const { raw } = this;
    let found: string | undefined;
    for (let i = 0; i + 1 < raw.length; i += 2) {
      if (raw[i]?.length !== name.length || raw[i]?.toString('latin1').toLowerCase() !== name) continue;
      const value = raw[i + 1]?.toString('latin1') ?? '';
      found = found === undefined ? value : `${found}, ${value}`;
    }
    return found;
  }
}

export interface HttpPoolOptions {
  /** Where the service is, without a path. */
  readonly origin: string;
  /** What may pass without a byte moving, in milliseconds: until a connection stands, until an answer begins, between its pieces. */
  readonly idleTimeoutMs: number;
  /** A certificate authority (PEM) to trust instead of the public ones. */
  readonly certificateAuthority?: string | undefined;
}

/** Shorter than the idle time after which Azure's front ends close a connection, so that it is closed on this side. */
const KEEP_ALIVE_MS = 30_000;

const NO_BYTES = Buffer.alloc(0);
const NO_HEADERS = new AnswerHeaders([]);

/**
 * Connections to one service that are kept alive and used again. There are as many as requests are made at a time; each carries
 * one request at a time. Idle ones do not keep the process from ending.
 *
 * A request is sent once: it is neither repeated nor redirected. Proxies are those that the Azure SDK takes from its environment.
 */
export class HttpPool {
  readonly #options: HttpPoolOptions;
  #dispatcher: Dispatcher | undefined;

  constructor(options: HttpPoolOptions) {
    this.#options = options;
  }

  /**
   * @param headers names and values in turns
   * @throws what undici throws: an error with the code of what went wrong, and never the path
   */
  get(path: string, headers: string[]): Promise<HttpAnswer> {
    const dispatcher = this.#dispatcher;
    return dispatcher === undefined
      ? this.#open().then((opened) => this.#send(opened, path, headers))
      : this.#send(dispatcher, path, headers);
  }

  #send(dispatcher: Dispatcher, path: string, headers: string[]): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const { origin } = this.#options;
      dispatcher.dispatch({ origin, path, method: 'GET', headers }, new WholeAnswer(resolve, reject));
    });
  }

  async #open(): Promise<Dispatcher> {
    const { origin, idleTimeoutMs, certificateAuthority: ca } = this.#options;
    const tls = ca === undefined ? {} : { ca };
    const timeouts = { headersTimeout: idleTimeoutMs, bodyTimeout: idleTimeoutMs, keepAliveTimeout: KEEP_ALIVE_MS };
    const proxy = await proxyOf(origin);
    this.#dispatcher ??=
      proxy === undefined
        ? new Pool(origin, { ...timeouts, connect: { ...tls, timeout: idleTimeoutMs } })
        : new ProxyAgent({ ...timeouts, uri: proxy.href, requestTls: { ...tls, timeout: idleTimeoutMs } });
    return this.#dispatcher;
  }
}

/**
 * Gathers what comes of an answer, and hands it on when it is whole.
 *
 * These are undici's older names of the callbacks. Behind the newer ones it makes an object of all headers first, which is a tenth of what a
 * request costs.
 */
class WholeAnswer implements Dispatcher.DispatchHandler {
  #status = 0;
  #headers = NO_HEADERS;
  #first: Buffer | undefined;
  #chunks: Buffer[] | undefined;

  constructor(
    private readonly resolve: (answer: HttpAnswer) => void,
    private readonly reject: (error: Error) => void,
  ) {}

  onConnect(): void {}

  onHeaders(status: number, headers: readonly Buffer[]): boolean {
    this.#status = status;
    this.#headers = new AnswerHeaders(headers);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#first === undefined) {
      this.#first = chunk;
    } else {
      this.#chunks ??= [this.#first];
      this.#chunks.push(chunk);
    }
    return true;
  }

  onComplete(): void {
    const body = this.#chunks === undefined ? (this.#first ?? NO_BYTES) : Buffer.concat(this.#chunks);
    this.resolve({ status: this.#status, headers: this.#headers, body });
  }

  onError(error: Error): void {
    this.reject(error);
  }
}

/**
 * The proxy that the Azure SDK would use for the address, or undefined. The SDK itself is asked (`HTTPS_PROXY`, `ALL_PROXY`,
 * `HTTP_PROXY`, and `NO_PROXY` with its rules), so that both readers go the same way.
 */
async function proxyOf(origin: string): Promise<URL | undefined> {
  const request = createPipelineRequest({ url: origin });
  await proxyPolicy().sendRequest(request, async () => ({ request, status: 200, headers: createHttpHeaders() }));
  const { agent } = request;
  return agent !== undefined && 'proxy' in agent && agent.proxy instanceof URL ? agent.proxy : undefined;
}
