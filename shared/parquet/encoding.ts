import { type Compression, type EncoderName, SUPPORTED_COMPRESSIONS } from './compression';
import { ParquetError } from './parquet-error';

/**
 * What a file names as its writer, in the form readers parse. It stands for the layout of our files and not for a release, so
 * that an upgrade changes no byte.
 */
export const CREATED_BY = 'makoto-daily-batch version 1.0.0 (build parquet)';

/** @throws ParquetError `compression_unsupported` */
export function assertCompression(encoder: EncoderName, compression: Compression): void {
  const supported = SUPPORTED_COMPRESSIONS[encoder];
  if (!supported.includes(compression)) {
    throw new ParquetError(
      `The Parquet encoder '${encoder}' cannot compress with ${compression}; it knows ${supported.join(', ')}.`,
      { code: 'compression_unsupported', kind: 'configuration' },
    );
  }
}
