import type { Socket } from 'node:net';
import { bodyLengthOf, ServerRequest } from './server-request';

/** An answer that does not come as it should. */
export interface FaultyReply {
  /** Sent one after the other, with a pause between them. */
  readonly pieces: readonly Buffer[];
  readonly pauseMs: number;
  /** What becomes of the connection after them. */
  readonly end: 'go on' | 'close' | 'reset';
}

/** The whole answer, head and body. */
export type Reply = Buffer | FaultyReply;
export type Answer = (request: ServerRequest) => Reply | Promise<Reply>;

const END_OF_HEAD = '\r\n\r\n';
const NO_BYTES = Buffer.alloc(0);

/**
 * Reads requests from a connection, one after the other, and writes what they are answered with. Much less than HTTP, and enough
 * for clients that send a length with a body: what a bench measures is the client, so the server must not be what it waits for.
 */
export function serveConnection(socket: Socket, answer: Answer): void {
  const incoming = new Incoming(() => socket.write('HTTP/1.1 100 Continue\r\n\r\n'));
  let isBusy = false;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    incoming.add(chunk);
    if (!isBusy) serve();
  });

  function serve(): void {
    isBusy = true;
    for (let request = incoming.take(); request !== undefined; request = incoming.take()) {
      const reply = answer(request);
      if (!Buffer.isBuffer(reply)) {
        void later(reply);
        return;
      }
      socket.write(reply);
    }
    isBusy = false;
  }

  async function later(replying: FaultyReply | Promise<Reply>): Promise<void> {
    const reply = await replying;
    const { pieces, pauseMs, end } = Buffer.isBuffer(reply) ? whole(reply) : reply;
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (!socket.destroyed) socket.write(piece);
    }
    if (end === 'reset') socket.resetAndDestroy();
    else if (end === 'close') socket.end();
    else if (!socket.destroyed) serve();
  }
}

function whole(reply: Buffer): FaultyReply {
  return { pieces: [reply], pauseMs: 0, end: 'go on' };
}

/** What came over a connection and is no request yet. */
class Incoming {
  #chunks: Buffer[] = [];
  #size = 0;
  /** With fewer bytes there is no whole request. */
  #needed = 1;
  #hasGreeted = false;

  constructor(private readonly greet: () => void) {}

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  take(): ServerRequest | undefined {
    if (this.#size < this.#needed) return undefined;
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    const headEnd = bytes.indexOf(END_OF_HEAD);
    const head = headEnd === -1 ? undefined : bytes.toString('latin1', 0, headEnd);
    const bodyStart = headEnd + END_OF_HEAD.length;
    const bodyEnd = head === undefined ? this.#size + 1 : bodyStart + bodyLengthOf(head);
    if (head === undefined || bytes.length < bodyEnd) {
      this.#keep(bytes, bodyEnd);
      if (head !== undefined) this.#greetOnce(head);
      return undefined;
    }
    this.#keep(bytes.subarray(bodyEnd), 1);
    this.#hasGreeted = false;
    return new ServerRequest(head, bodyEnd === bodyStart ? NO_BYTES : bytes.subarray(bodyStart, bodyEnd));
  }

  #keep(bytes: Buffer, needed: number): void {
    this.#chunks = bytes.length === 0 ? [] : [bytes];
    this.#size = bytes.length;
    this.#needed = needed;
  }

  #greetOnce(head: string): void {
    if (this.#hasGreeted || !/\r\nexpect: *100-continue/i.test(head)) return;
    this.#hasGreeted = true;
    this.greet();
  }
}
