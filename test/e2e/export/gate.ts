import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** A way to a service that a test can close: while it is closed, whatever is sent waits. */
export interface Gate {
  /** Where it listens: `http://127.0.0.1:PORT`. */
  readonly origin: string;
  close(): void;
  open(): void;
  stop(): Promise<void>;
}

/** Starts a gate that is open. @param targetOrigin `http://HOST:PORT` of the service behind it */
export async function startGate(targetOrigin: string): Promise<Gate> {
  const { hostname, port } = new URL(targetOrigin);
  const sockets = new Set<Socket>();
  let opened = Promise.resolve();
  let open = () => {};

  const server = createServer((client) => {
    const service = connect(Number(port), hostname);
    const waiting = new Transform({
      transform: (chunk, _encoding, done) => {
        opened.then(() => done(null, chunk));
      },
    });
    client.pipe(waiting).pipe(service).pipe(client);
    for (const socket of [client, service]) {
      sockets.add(socket);
      // Either end may break the connection; that is the other's end too.
      socket
        .on('error', () => {})
        .once('close', () => {
          sockets.delete(socket);
          client.destroy();
          service.destroy();
        });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The gate listens on no port.');

  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () => {
      opened = new Promise((resolve) => {
        open = resolve;
      });
    },
    open: () => open(),
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      open();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
