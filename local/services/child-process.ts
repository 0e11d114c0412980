import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a process ended, as a part of a sentence. */
export interface ProcessEnd {
  readonly how: string;
}

/** Resolves when a process has ended, or could not be started. */
export function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ how: `its process could not be started (${error.message})` }));
    child.once('close', (code, signal) => {
      resolve({ how: signal === null ? `its process ended with code ${code}` : `its process was ended by ${signal}` });
    });
  });
}

const KEPT_CHARACTERS = 8000;

/**
 * Reads an output to its end, so that its writer never waits, and keeps the last of it.
 *
 * @param onText is called with what is kept, whenever there is more
 * @returns what is kept at the time of the call
 */
export function tailOf(output: Readable | null, onText: (text: string) => void = () => {}): () => string {
  let text = '';
  output?.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-KEPT_CHARACTERS);
    onText(text);
  });
  return () => text;
}
