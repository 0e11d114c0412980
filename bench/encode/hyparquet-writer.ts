import { writeFile } from 'node:fs/promises';
import zlib from 'node:zlib';
import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { DATASETS } from '../../shared/messages/datasets';
import { type Column, PARQUET_TYPES } from '../../shared/parquet/schema';
import type { Encode } from './encode-job';
import { readMessages } from './messages';
import { peerRow } from './peer-row';

const { columns } = DATASETS.messages;

/** The package brings SNAPPY and takes a compressor for anything else: Node's own, where there is one. */
export function zstdCompressor(): ((input: Uint8Array) => Uint8Array) | undefined {
  const { zstdCompressSync } = zlib as { zstdCompressSync?: (input: Uint8Array) => Uint8Array };
  return zstdCompressSync;
}

/** As its documentation shows it: an array of values a column, all of them at once; its own sizes of pages and row groups. */
export async function hyparquetWriter(folder: string, codec: 'SNAPPY' | 'ZSTD'): Promise<Encode> {
  const messages = await readMessages(folder);
  const zstd = codec === 'ZSTD' ? zstdCompressor() : undefined;
  const schema = [{ name: 'root', num_children: columns.length }, ...columns.map(schemaElement)];
  return async (path) => {
    const values = new Map<string, unknown[]>(columns.map(({ name }) => [name, []]));
    for (const message of messages) {
      const row = peerRow(message);
      for (const [name, value] of Object.entries(row)) values.get(name)?.push(asWritten(name, value));
    }
    const columnData = columns.map(({ name }) => ({ name, data: values.get(name) ?? [] }));
    const file = parquetWriteBuffer({ columnData, schema, codec, ...(zstd && { compressors: { ZSTD: zstd } }) });
    await writeFile(path, new Uint8Array(file), { flag: 'wx' });
  };
}

const INT64 = new Set(columns.filter(({ type }) => type === 'int64').map(({ name }) => name));

/** It takes whole numbers of 64 bits as bigints. */
function asWritten(name: string, value: unknown): unknown {
  return typeof value === 'number' && INT64.has(name) ? BigInt(value) : value;
}

function schemaElement({ name, type, nullable }: Column): SchemaElement {
  const { physical, converted } = PARQUET_TYPES[type];
  const repetition_type = nullable ? 'OPTIONAL' : 'REQUIRED';
  return { name, type: physical, repetition_type, ...(converted && { converted_type: converted }) };
}
