import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { ServerCertificate } from '../../support/self-signed-certificate';

export interface SeenRequest {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The whole address, as a proxy would log it. */
  readonly url: string;
}

type Answer = (request: SeenRequest, response: ServerResponse, socket: Socket) => void;

export interface YoutubeTestServer {
  readonly rootUrl: string;
  readonly requests: SeenRequest[];
  /** Connections that were ever made. */
  connections(): number;
  /** How every request is answered from now on. */
  answer(how: Answer): void;
  stop(): Promise<void>;
}

/** An HTTP server on a free port of this machine that answers as a test tells it to. */
export async function startYoutubeTestServer(certificate?: ServerCertificate): Promise<YoutubeTestServer> {
  const requests: SeenRequest[] = [];
  let connections = 0;
  let answer: Answer = (_, response) => response.writeHead(501).end();
  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    const url = incoming.url ?? '';
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    const request = { path: pathname, query: Object.fromEntries(searchParams), headers: incoming.headers, url };
    requests.push(request);
    answer(request, response, incoming.socket);
  };
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  server.on('connection', () => {
    connections++;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    rootUrl: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    connections: () => connections,
    answer: (how) => {
      answer = how;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers with JSON. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer {
  return (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** An error as the API sends it: its own reason, and, where there is one, that of Google's gateway. */
export function apiError(status: number, reason: string, detail?: string, message = 'What went wrong.'): unknown {
  const details =
    detail === undefined ? {} : { details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: detail }] };
  return { error: { code: status, message, errors: [{ message, domain: 'global', reason }], ...details } };
}

/** What is left of a resource under a mask of `fields`: `a,b(c,d/e)`. */
export function masked(value: unknown, mask: string): unknown {
  if (Array.isArray(value)) return value.map((item) => masked(item, mask));
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const field of split(mask)) {
    const [, name = '', rest = ''] = /^([\w-]+)(.*)$/.exec(field) ?? [];
    if (!(name in value)) continue;
    const inner = rest.startsWith('/') ? rest.slice(1) : rest.slice(1, -1);
    const found: unknown = Reflect.get(value, name);
    kept[name] = inner === '' ? found : masked(found, inner);
  }
  return kept;
}

/** The parts between the commas that stand in no brackets. */
function split(mask: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const char of mask) {
    depth += char === '(' ? 1 : char === ')' ? -1 : 0;
    if (char === ',' && depth === 0) {
      parts.push(part);
      part = '';
    } else part += char;
  }
  return [...parts, part];
}
