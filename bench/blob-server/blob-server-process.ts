import { createServer } from 'node:net';
import { runChild } from '../harness/child';
import { BlobRequests } from './blob-requests';
import type { BlobServerCommand, BlobServerInput, BlobServerReady, BlobServerWork } from './blob-server';
import { BlobStore } from './blob-store';
import { answerWith } from './faults';
import { serveConnection } from './http-connection';

runChild<BlobServerInput>(async ({ account, key, container, corpus, faults = {} }, answer) => {
  const store = new BlobStore(corpus);
  const requests = new BlobRequests(account, key, container, store);
  const reply = answerWith(requests, faults);
  let cpu = process.cpuUsage();
  process.on('message', ({ command }: { readonly command: BlobServerCommand }) => {
    if (command === 'reset') store.reset();
    const { user, system } = process.cpuUsage(cpu);
    cpu = process.cpuUsage();
    answer({ requests: requests.counter.take(), cpuMs: (user + system) / 1000 } satisfies BlobServerWork);
  });
  const server = createServer((socket) => serveConnection(socket, reply));
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The blob server listens on no port.');
    answer({ port: address.port } satisfies BlobServerReady);
  });
});
