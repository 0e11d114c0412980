import type { Socket } from 'node:net';

export interface ServerRequest {
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** The whole answer, head and body. */
export type Answer = (request: ServerRequest) => Buffer | Promise<Buffer>;

const END_OF_HEAD = '\r\n\r\n';

/**
 * Reads requests from a connection, one after the other, and writes what they are answered with. Much less than HTTP, and enough
 * for clients that send a length with a body: what a bench measures is the client, so the server must not be what it waits for.
 */
export function serveConnection(socket: Socket, answer: Answer): void {
  let pending: Buffer = Buffer.alloc(0);
  let busy = false;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    if (!busy) void next();
  });

  async function next(): Promise<void> {
    busy = true;
    for (let request = take(); request !== undefined; request = take()) {
      const answered = answer(request);
      const bytes = answered instanceof Buffer ? answered : await answered;
      if (socket.destroyed) return;
      if (bytes.length === 0) socket.resetAndDestroy();
      else socket.write(bytes);
    }
    busy = false;
  }

  function take(): ServerRequest | undefined {
    const headEnd = pending.indexOf(END_OF_HEAD);
    if (headEnd === -1) return undefined;
    const lines = pending.toString('latin1', 0, headEnd).split('\r\n');
    const [method = '', target = ''] = (lines[0] ?? '').split(' ', 2);
    const headers = new Map<string, string>();
    for (let i = 1; i < lines.length; i++) {
      const line = lines[i] ?? '';
      const colon = line.indexOf(':');
      headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim());
    }
    const bodyStart = headEnd + END_OF_HEAD.length;
    const bodyEnd = bodyStart + Number(headers.get('content-length') ?? 0);
    if (pending.length < bodyEnd) {
      if (headers.get('expect') === '100-continue') socket.write('HTTP/1.1 100 Continue\r\n\r\n');
      return undefined;
    }
    const body = pending.subarray(bodyStart, bodyEnd);
    pending = pending.subarray(bodyEnd);
    return { method, target, headers, body };
  }
}
