import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type Direction = 'to the server' | 'from the server';

/** A TCP proxy in front of a server that ends connections after so many bytes in one direction. */
export interface CutProxy {
  readonly port: number;
  /** Bytes that have gone through since the last `cutAfter`. */
  passed(direction: Direction): number;
  /** Connections end, both ways, when more than `bytes` bytes have gone that way; the byte after them is not passed on. */
  cutAfter(bytes: number, direction: Direction): void;
  stop(): Promise<void>;
}

export async function startCutProxy(host: string, port: number): Promise<CutProxy> {
  const passed = { 'to the server': 0, 'from the server': 0 };
  let cut = { bytes: Number.POSITIVE_INFINITY, direction: 'to the server' as Direction };
  const open = new Set<Socket>();

  const pass = (from: Socket, to: Socket, direction: Direction) => {
    from.on('data', (chunk) => {
      const left = cut.direction === direction ? cut.bytes - passed[direction] : Number.POSITIVE_INFINITY;
      passed[direction] += chunk.length;
      if (chunk.length <= left) {
        to.write(chunk);
        return;
      }
      to.write(chunk.subarray(0, Math.max(0, left)), () => to.destroy());
      from.destroy();
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
    open.add(from);
    from.on('close', () => open.delete(from));
  };

  const server = createServer((client) => {
    const onward = connect(port, host);
    pass(client, onward, 'to the server');
    pass(onward, client, 'from the server');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy listens on no port.');

  return {
    port: address.port,
    passed: (direction) => passed[direction],
    cutAfter: (bytes, direction) => {
      cut = { bytes, direction };
      passed['to the server'] = 0;
      passed['from the server'] = 0;
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
