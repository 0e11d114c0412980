import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EncodingAnswer, EncodingRequest } from './encoding-messages';

/** What a starter hears of its thread. */
export interface EncodingEvents {
  onAnswer(answer: EncodingAnswer): void;
  /** The thread is gone, or as good as gone; may be called more than once. */
  onEnd(reason: Error): void;
}

/** A thread that encodes, as its starter holds it. */
export interface EncodingLink {
  /** The buffers go with the request, and are of no more use here. */
  send(request: EncodingRequest, transfer: readonly ArrayBuffer[]): void;
  /** Whether the process must stay alive for the thread. */
  keepAlive(needed: boolean): void;
  end(): Promise<void>;
}

export type StartEncodingThread = (events: EncodingEvents) => EncodingLink;

/** Compiled, beside this module; of a bundled app, beside its bundle. */
const PROGRAM = join(__dirname, 'encoding-thread.js');

/** Starts `encoding-thread` in a worker thread. Works in a compiled program only. */
export const startEncodingThread: StartEncodingThread = ({ onAnswer, onEnd }) => {
  // It needs nothing of the environment, which holds secrets.
  const worker = new Worker(PROGRAM, { name: 'parquet', env: {} });
  worker.on('message', onAnswer);
  worker.on('messageerror', onEnd);
  worker.on('error', onEnd);
  worker.on('exit', (code) => onEnd(new Error(`it ended with exit code ${code}`)));
  return {
    send: (request, transfer) => worker.postMessage(request, transfer),
    keepAlive: (needed) => (needed ? worker.ref() : worker.unref()),
    end: async () => void (await worker.terminate()),
  };
};
