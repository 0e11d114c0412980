import { createServer } from 'node:net';
import { runChild } from '../harness/child';
import { BlobRequests } from './blob-requests';
import type { BlobServerInput, BlobServerReady } from './blob-server';
import { BlobStore } from './blob-store';
import { type ServerRequest, serveConnection } from './http-connection';

const GONE = Buffer.alloc(0);

runChild<BlobServerInput>(async ({ account, key, container, corpus, faults }, answer) => {
  const requests = new BlobRequests(account, key, container, new BlobStore(corpus));
  const { latencyMs = 0, busyShare = 0, resetShare = 0, seed = 1 } = faults ?? {};
  const random = randomFrom(seed);
  const answerTo = (request: ServerRequest): Buffer => {
    const chance = busyShare + resetShare > 0 ? random() : 1;
    if (chance < busyShare) return requests.refuse(503, 'ServerBusy', request);
    return chance < busyShare + resetShare ? GONE : requests.answer(request);
  };
  const server = createServer((socket) =>
    serveConnection(socket, (request) => {
      if (latencyMs === 0) return answerTo(request);
      return new Promise((resolve) => setTimeout(() => resolve(answerTo(request)), latencyMs));
    }),
  );
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The blob server listens on no port.');
    answer({ port: address.port } satisfies BlobServerReady);
  });
});

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
