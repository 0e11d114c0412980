import { type FileMetaData, parquetMetadata } from 'hyparquet';
import { ProofError } from '../errors';

/** A written part, readable by ranges: `read` gives `length` bytes from `offset`, fewer only where the part ends. */
export interface PartSource {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

export interface PartFooter {
  readonly metadata: FileMetaData;
  /** Where the footer begins, and the row groups end. */
  readonly offset: number;
}

const MAGIC = 'PAR1';
/** The length of the metadata, as a 32-bit integer, and the magic: what every file ends with. */
const TAIL_BYTES = 8;
/** Holds the whole footer of most parts, so that it takes one read. */
const FIRST_READ_BYTES = 64 * 1024;

export function partInvalid(message: string, cause?: unknown): ProofError {
  return new ProofError(`The part is not what was written: ${message}`, {
    code: 'part_invalid',
    kind: 'permanent',
    cause,
  });
}

/** @throws ProofError `part_invalid` where the part ends early */
export async function readExactly(part: PartSource, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await part.read(offset, length);
  if (bytes.length !== length) {
    throw partInvalid(`${length} bytes expected at offset ${offset}, found ${bytes.length}.`);
  }
  return bytes;
}

function assertMagic(bytes: Uint8Array, where: string): void {
  const found = Buffer.from(bytes).toString('latin1');
  if (found !== MAGIC) {
    throw partInvalid(`'${MAGIC}' expected at its ${where}, found ${JSON.stringify(found)}.`);
  }
}

/**
 * The metadata of a Parquet file, from its head and its end alone.
 * @throws ProofError `part_invalid`; and whatever `read` throws
 */
export async function readFooter(part: PartSource): Promise<PartFooter> {
  if (part.size < MAGIC.length + TAIL_BYTES) {
    throw partInvalid(`it has ${part.size} bytes, which is no Parquet file.`);
  }
  assertMagic(await readExactly(part, 0, MAGIC.length), 'beginning');
  const first = Math.min(part.size, FIRST_READ_BYTES);
  let end = await readExactly(part, part.size - first, first);
  assertMagic(end.subarray(-MAGIC.length), 'end');
  const length = new DataView(end.buffer, end.byteOffset + end.length - TAIL_BYTES).getUint32(0, true) + TAIL_BYTES;
  if (length > part.size - MAGIC.length) {
    throw partInvalid(`its footer claims ${length} of its ${part.size} bytes.`);
  }
  if (length > end.length) {
    end = await readExactly(part, part.size - length, length);
  }
  return { metadata: parse(end), offset: part.size - length };
}

function parse(end: Uint8Array): FileMetaData {
  try {
    return parquetMetadata(end, { geoparquet: false });
  } catch (cause) {
    throw partInvalid('its footer cannot be read.', cause);
  }
}
