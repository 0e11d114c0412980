import { BatchError } from '../errors';

/**
 * What a local file or folder answers. Transient: a disk that is full or fails here is another one, or an emptier one, at the next try.
 *
 * @throws BatchError `csv_file_failed`
 */
export async function onDisk<Answer>(what: string, work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BatchError(`The local disk failed to ${what}: ${reason}`, {
      code: 'csv_file_failed',
      kind: 'transient',
      cause,
    });
  }
}
