import { Socket } from 'node:net';
import fc from 'fast-check';
import { answerWith, type BlobServerFaults } from '../../../bench/blob-server/faults';
import { type Reply, serveConnection } from '../../../bench/blob-server/http-connection';
import { BlobServerWorld, readAnswer, requestFor } from './blob-server-world';

/** A connection that goes nowhere, and what was written to it. */
function newConnection() {
  const written: string[] = [];
  const socket = new Socket();
  socket.write = (chunk: string | Uint8Array) => written.push(chunk.toString()) > 0;
  return { socket, written };
}

/** Some of a text in pieces that end anywhere. */
function pieces(text: string, ends: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const sorted = [0, ...ends.map((end) => end % bytes.length).sort((a, b) => a - b), bytes.length];
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

test('requests are the same in whatever pieces they come, and are answered in their order', () => {
  const sent = [
    { method: 'GET', target: '/a?b=c', body: '' },
    { method: 'PUT', target: '/d', body: 'one\r\n\r\ntwo 会議' },
    { method: 'DELETE', target: '/e', body: '' },
  ];
  const text = sent
    .map(({ method, target, body }) => {
      const length = body === '' ? '' : `CONTENT-length: ${Buffer.byteLength(body)}\r\n`;
      return `${method} ${target} HTTP/1.1\r\nHost: somewhere\r\n${length}X-Custom:  Value \r\n\r\n${body}`;
    })
    .join('');
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), (ends) => {
      const { socket, written } = newConnection();
      const seen: object[] = [];
      serveConnection(socket, (request) => {
        const { method, target, body } = request;
        seen.push({ method, target, body: body.toString() });
        return Buffer.from(`${method} ${request.header('x-custom')};`);
      });

      for (const piece of pieces(text, ends)) socket.emit('data', piece);

      expect(seen).toEqual(sent);
      expect(written.join('')).toBe('GET Value;PUT Value;DELETE Value;');
    }),
  );
});

test('a client that waits to be told so may send its body', () => {
  const { socket, written } = newConnection();
  serveConnection(socket, ({ body }) => Buffer.from(`got ${body}`));

  socket.emit('data', Buffer.from('PUT /a HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n'));
  socket.emit('data', Buffer.from('ok'));

  expect(written).toEqual(['HTTP/1.1 100 Continue\r\n\r\n', 'got ok']);
});

describe('faults', () => {
  const REQUESTS = 400;
  const world = new BlobServerWorld();
  const [first] = world.messages;

  async function replies(faults: BlobServerFaults): Promise<Reply[]> {
    const answer = answerWith(world.requests, faults);
    const request = () => requestFor('GET', first?.key ?? '');
    return Promise.all(Array.from({ length: REQUESTS }, () => answer(request())));
  }
  const cut = (reply: Reply) => !Buffer.isBuffer(reply);

  test('have about the share that is wanted, and are the same for the same seed', async () => {
    const faults = { busyShare: 0.1, resetShare: 0.1, truncatedShare: 0.1, slowShare: 0.1, slowMs: 5, seed: 3 };

    const all = await replies(faults);

    const kinds = all.map((reply) => {
      if (Buffer.isBuffer(reply)) return String(readAnswer(reply).status);
      return reply.pieces.length === 0 ? 'reset' : reply.end;
    });
    for (const kind of ['503', 'reset', 'close', 'go on']) {
      const share = kinds.filter((each) => each === kind).length / REQUESTS;
      expect(Math.abs(share - 0.1)).toBeLessThan(0.05);
    }
    expect((await replies(faults)).map(cut)).toEqual(all.map(cut));
  });

  test('a truncated body is the first half of what its head says, a slow one comes whole', async () => {
    const [truncated] = await replies({ truncatedShare: 1 });
    const [slow] = await replies({ slowShare: 1, slowMs: 5 });
    if (truncated === undefined || slow === undefined) throw new Error('There is no answer.');
    if (Buffer.isBuffer(truncated) || Buffer.isBuffer(slow)) throw new Error('The answer has no fault.');

    const { headers, body } = readAnswer(Buffer.concat(truncated.pieces));
    expect([headers.get('content-length'), body.length, truncated.end]).toEqual(['600', 300, 'close']);
    expect(readAnswer(Buffer.concat(slow.pieces)).body.length).toBe(600);
    expect([slow.pieces.length, slow.pauseMs, slow.end]).toEqual([2, 5, 'go on']);
  });

  test('no faults change nothing', async () => {
    expect((await replies({})).filter(cut)).toEqual([]);
  });
});
