import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Compression, EncoderName } from '../../../shared/parquet/compression';
import { type EncodedPart, PartWriter, type PartWriterOptions } from '../../../shared/parquet/part-writer';
import type { Dataset } from './generators';

export interface Variant {
  readonly encoder: EncoderName;
  readonly compression: Compression;
}

export const VARIANTS: readonly Variant[] = [
  { encoder: 'arrow', compression: 'ZSTD' },
  { encoder: 'arrow', compression: 'SNAPPY' },
  { encoder: 'parquetjs-lite', compression: 'SNAPPY' },
];

/** Runs `use` with a temporary folder that is gone afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'makoto-parquet-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function writePart(
  { schema, rows }: Dataset,
  options: Omit<PartWriterOptions, 'schema'>,
): Promise<EncodedPart> {
  const writer = await PartWriter.open({ ...options, schema });
  for (const row of rows) {
    await writer.append(row);
  }
  return await writer.finish();
}
