import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../../shared/ports/log';
import { HostError, messageOf } from '../errors';
import { BodyTooLarge, errorAnswer, type HttpAnswer, writeAnswer } from './http-answer';

/** Answers a request; `path` is its decoded segments. */
export type RequestHandler = (request: IncomingMessage, path: readonly string[], url: URL) => Promise<HttpAnswer>;

/** The host's HTTP server, on this machine's loopback interface only. Until it is given a handler it answers 503. */
export class HttpServer {
  readonly #server: Server;
  readonly #log: Log;
  readonly #open = new Set<Promise<void>>();
  #handler: RequestHandler | undefined;

  private constructor(log: Log) {
    this.#log = log;
    this.#server = createServer((request, response) => {
      const served = this.#serve(request, response).finally(() => this.#open.delete(served));
      this.#open.add(served);
    });
  }

  /** Listens on `port`, or on a free one for 0. @throws HostError when the port is taken */
  static async listen(port: number, log: Log): Promise<HttpServer> {
    const http = new HttpServer(log);
    await new Promise<void>((resolve, reject) => {
      http.#server.once('error', (error) => {
        reject(
          new HostError(
            'host_request_invalid',
            `The local host cannot listen on port ${port}: ${error.message}`,
            error,
          ),
        );
      });
      http.#server.listen(port, '127.0.0.1', resolve);
    });
    return http;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  handle(handler: RequestHandler): void {
    this.#handler = handler;
  }

  /** Resolves when the requests that are open now have been answered. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#open);
  }

  /** Takes no more requests, and cuts off those still open. */
  async close(): Promise<void> {
    this.#handler = undefined;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answer: HttpAnswer;
    try {
      answer = await this.#answer(request);
    } catch (error) {
      answer = error instanceof BodyTooLarge ? { status: 413 } : { status: 500 };
      this.#log.error(`A request could not be served: ${messageOf(error)}`);
    }
    writeAnswer(response, answer);
  }

  async #answer(request: IncomingMessage): Promise<HttpAnswer> {
    if (this.#handler === undefined) {
      return errorAnswer(503, 'The local host is starting or stopping.');
    }
    const address = `http://${request.headers.host ?? `127.0.0.1:${this.port}`}${request.url ?? '/'}`;
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const path = url && decodePath(url.pathname);
    if (url === undefined || path === undefined) {
      return errorAnswer(400, 'The address of the request cannot be read.');
    }
    return this.#handler(request, path, url);
  }
}

function decodePath(pathname: string): string[] | undefined {
  try {
    return pathname
      .replace(/^\/|\/$/g, '')
      .split('/')
      .map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) {
      return undefined;
    }
    throw error;
  }
}
