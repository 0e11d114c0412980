import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import dynalite from 'dynalite';

/** DynamoDB in the memory of this process. Any credentials and any region are taken, and all see the same tables. */
export interface Dynalite {
  /** `http://127.0.0.1:PORT`. */
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** Starts dynalite on a free port of 127.0.0.1, without any tables. */
export async function startDynalite(): Promise<Dynalite> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.on('request', survivesLostClient);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { endpoint: `http://127.0.0.1:${portOf(server)}`, stop: () => close(server) };
}

/** It throws the error of a request whose client is gone, to nobody: that would end this process. */
function survivesLostClient(request: IncomingMessage): void {
  request.removeAllListeners('error').on('error', () => {});
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error == null ? resolve() : reject(error)));
  });
  server.closeAllConnections();
  await closed;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite listens on no port.');
  return address.port;
}
