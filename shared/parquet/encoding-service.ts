import type { ParquetEncoder, ParquetFileWriter } from './encoder';
import { errorText } from './encoding-errors';
import type { EncodingAnswer, EncodingRequest } from './encoding-messages';

/** Sends an answer; the buffers go with it, and are of no more use here. */
export type SendAnswer = (answer: EncodingAnswer, transfer: readonly ArrayBuffer[]) => void;

/** The side of the thread: the files that it encodes, each with a writer of `encoder`. @returns what takes the requests */
export function serveEncoding(encoder: ParquetEncoder, send: SendAnswer): (request: EncodingRequest) => Promise<void> {
  const files = new Map<number, Promise<ParquetFileWriter>>();

  async function work(request: EncodingRequest): Promise<void> {
    const { file } = request;
    switch (request.task) {
      case 'open': {
        const { schema, compression } = request;
        const writer = encoder.open(schema, { compression, sink: async (chunk) => sendChunk(send, file, chunk) });
        files.set(file, writer);
        await writer;
        return;
      }
      case 'write':
        return await (await files.get(file))?.write(request.batch);
      case 'close':
        await (await files.get(file))?.close();
        files.delete(file);
        return;
      case 'abort': {
        const writer = files.get(file);
        files.delete(file);
        return await (await writer)?.abort();
      }
    }
  }

  return async (request) => {
    const { call } = request;
    try {
      await work(request);
      send({ answer: 'done', call }, []);
    } catch (error) {
      send({ answer: 'failed', call, error: errorText(error) }, []);
    }
  };
}

function sendChunk(send: SendAnswer, file: number, chunk: Uint8Array): void {
  const { buffer } = chunk;
  // A part of a larger buffer goes as a copy: what else is in that buffer is not the file's.
  const bytes = buffer instanceof ArrayBuffer && buffer.byteLength === chunk.byteLength ? chunk : chunk.slice();
  send({ answer: 'chunk', file, bytes }, [bytes.buffer as ArrayBuffer]);
}
