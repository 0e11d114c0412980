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

  /** All of them, by their names in lower case. */
  all(): Record<string, string> {
    const names = this.raw.filter((_, i) => i % 2 === 0).map((name) => name.toString('latin1').toLowerCase());
    return Object.fromEntries(names.map((name) => [name, this.get(name) ?? '']));
  }
}

export interface HttpPoolOptions {
  /** Where the service is, without a path. */
  readonly origin: string;
  /** What may pass without a byte moving, in milliseconds: until a connection stands, until an answer begins, between its pieces. */
  readonly idleTimeoutMs: number;
  /** After what time a connection that is not used is closed, in milliseconds: shorter than the service's, so that it is closed on this side. */
  readonly keepAliveMs: number;
  /** A certificate authority (PEM) to trust instead of the public ones. */
  readonly certificateAuthority?: string | undefined;
  /** The proxy on the way to the origin, if there is one; asked once. */
  readonly proxyOf?: ((origin: string) => Promise<URL | undefined>) | undefined;
}

const NO_BYTES = Buffer.alloc(0);
const NO_HEADERS = new AnswerHeaders([]);

/**
 * Connections to one service that are kept alive and used again. There are as many as requests are made at a time; each carries
 * one request at a time. Idle ones do not keep the process from ending.
 *
 * A request is sent once: it is neither repeated nor redirected.
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

  /** Ends every connection at once, also those that are used. */
  async close(): Promise<void> {
    await this.#dispatcher?.destroy();
  }

  #send(dispatcher: Dispatcher, path: string, headers: string[]): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const { origin } = this.#options;
      dispatcher.dispatch({ origin, path, method: 'GET', headers }, new WholeAnswer(resolve, reject));
    });
  }

  async #open(): Promise<Dispatcher> {
    const { origin, idleTimeoutMs, keepAliveMs, certificateAuthority: ca, proxyOf } = this.#options;
    const tls = ca === undefined ? {} : { ca };
    const timeouts = { headersTimeout: idleTimeoutMs, bodyTimeout: idleTimeoutMs, keepAliveTimeout: keepAliveMs };
    const proxy = await proxyOf?.(origin);
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
