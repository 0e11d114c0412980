import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
  request as sendRequest,
} from 'node:http';

/** What goes wrong with a request. `kept` is the share of the answer's body that still comes, half of it if not given. */
export type Fault =
  /** Answered by the proxy; the service never sees it. */
  | { readonly kind: 'status'; readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body?: string }
  /** The connection ends before the service sees the request. */
  | { readonly kind: 'drop-before' }
  /** The service does what was asked, and its answer is lost. */
  | { readonly kind: 'drop-after' }
  /** The answer ends in the middle of its body. */
  | { readonly kind: 'truncate'; readonly kept?: number }
  /** The answer stops in the middle of its body, and the connection stays open; with `kept` 0, nothing of it comes. */
  | { readonly kind: 'stall'; readonly kept?: number };

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface FaultRule {
  readonly fault: Fault;
  /** For which requests; without it, for every one. */
  readonly when?: (request: SeenRequest) => boolean;
  /** How often it happens; without it, once. */
  readonly times?: number;
}

export interface FaultProxy {
  /** Where the proxy listens: `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** Every request since the start or the last `reset`. */
  readonly requests: readonly SeenRequest[];
  /** Adds a rule behind those that are there; a request takes the first one that is for it and not used up. */
  inject(rule: FaultRule): void;
  /** Forgets rules and requests. */
  reset(): void;
  stop(): Promise<void>;
}

interface ActiveRule extends FaultRule {
  left: number;
}

/** An HTTP server in front of another one that passes requests on, but for those that a rule says to spoil. */
export async function startFaultProxy(targetOrigin: string): Promise<FaultProxy> {
  const target = new URL(targetOrigin);
  const agent = new Agent({ keepAlive: true });
  const requests: SeenRequest[] = [];
  let rules: ActiveRule[] = [];

  const server = createServer((request, response) => {
    const seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers };
    requests.push(seen);
    const rule = rules.find(({ left, when }) => left > 0 && (when === undefined || when(seen)));
    if (rule !== undefined) rule.left -= 1;
    spoil(rule?.fault, request, response, (answered) => pass(target, agent, request, response, answered));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The fault proxy listens on no port.');

  return {
    origin: `http://127.0.0.1:${address.port}`,
    requests,
    inject: (rule) => rules.push({ ...rule, left: rule.times ?? 1 }),
    reset: () => {
      rules = [];
      requests.length = 0;
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

type Answered = (answer: IncomingMessage) => unknown;

function spoil(
  fault: Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  passOn: (answered: Answered) => void,
): void {
  switch (fault?.kind) {
    case undefined:
      passOn((answer) => answer.pipe(copyHead(answer, response)));
      break;
    case 'status':
      // The request is read to its end first, as a service does, or the client sees a broken connection instead.
      request.resume().once('end', () => response.writeHead(fault.status, fault.headers).end(fault.body ?? ''));
      break;
    case 'drop-before':
      request.socket.destroy();
      break;
    case 'drop-after':
      passOn((answer) => answer.resume().once('end', () => request.socket.destroy()));
      break;
    case 'truncate':
    case 'stall':
      passOn((answer) => sendPart(answer, response, fault));
  }
}

async function sendPart(
  answer: IncomingMessage,
  response: ServerResponse,
  { kind, kept = 0.5 }: { kind: 'truncate' | 'stall'; kept?: number },
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (kind === 'stall' && kept === 0) return;
  copyHead(answer, response);
  response.flushHeaders();
  const part = body.subarray(0, Math.floor(body.length * kept));
  const then = () => {
    if (kind === 'truncate') response.socket?.destroy();
  };
  if (part.length === 0) then();
  else response.write(part, then);
}

function copyHead(answer: IncomingMessage, response: ServerResponse): ServerResponse {
  return response.writeHead(answer.statusCode ?? 502, answer.headers);
}

function pass(target: URL, agent: Agent, request: IncomingMessage, response: ServerResponse, answered: Answered): void {
  const { method, url, headers } = request;
  const onward = sendRequest({ agent, host: target.hostname, port: target.port, method, path: url, headers }, answered);
  onward.once('error', () => response.destroy());
  response.once('close', () => {
    if (!response.writableFinished) onward.destroy();
  });
  request.pipe(onward);
}
