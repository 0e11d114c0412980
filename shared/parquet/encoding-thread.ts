import { parentPort } from 'node:worker_threads';
import { ArrowEncoder } from './arrow-encoder';
import { serveEncoding } from './encoding-service';

/** The program of the thread that encodes: it holds the WebAssembly module and Arrow, so that its starter need not. */

const port = parentPort;
if (port === null) throw new Error('This program encodes for the thread that starts it, and runs in a thread only.');

port.on(
  'message',
  serveEncoding(new ArrowEncoder(), (answer, transfer) => port.postMessage(answer, transfer)),
);
