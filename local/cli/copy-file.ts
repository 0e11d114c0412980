import { open } from 'node:fs/promises';
import { InputError } from '../../shared/errors';
import { MAX_MESSAGE_BYTES } from '../../shared/messages/contract';
import type { CliEdges } from './cli-session';
import { fileErrorCode } from './file-errors';

/** One byte more than a message may have tells that it has too many. */
const ENOUGH = MAX_MESSAGE_BYTES + 1;

/**
 * A corrected copy from a file or standard input, at most one byte more than a message may have.
 *
 * @param path a file, or `-` for standard input
 * @throws InputError where it cannot be read
 */
export async function readCopy(path: string, { stdin }: Pick<CliEdges, 'stdin'>): Promise<Uint8Array> {
  if (path !== '-') return readFile(path);
  if (stdin === undefined) throw new InputError({ file: 'there is no standard input to read' });
  return upTo(stdin);
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    const file = await open(path);
    try {
      return await upTo(file.createReadStream({ end: ENOUGH - 1, autoClose: false }));
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    throw new InputError({ file: code === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read (${code})` });
  }
}

async function upTo(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    read.push(chunk);
    bytes += chunk.length;
    if (bytes >= ENOUGH) break;
  }
  return Buffer.concat(read).subarray(0, ENOUGH);
}
