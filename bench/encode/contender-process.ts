import { rm } from 'node:fs/promises';
import { runChild } from '../harness/child';
import { duckdb } from './duckdb';
import type { Encode, Encoded, EncodeJob, NodeContender } from './encode-job';
import { hyparquetWriter } from './hyparquet-writer';
import { ours } from './ours';
import { parquetjs } from './parquetjs';

const PREPARE: Readonly<Record<NodeContender, (folder: string) => Promise<Encode>>> = {
  ours: (folder) => ours(folder, 'ZSTD', 2),
  'ours, 1 thread': (folder) => ours(folder, 'ZSTD', 1),
  'ours, SNAPPY': (folder) => ours(folder, 'SNAPPY', 2),
  'parquetjs-lite': parquetjs,
  'hyparquet-writer': (folder) => hyparquetWriter(folder, 'SNAPPY'),
  'hyparquet-writer, ZSTD': (folder) => hyparquetWriter(folder, 'ZSTD'),
  'DuckDB, 1 thread': (folder) => duckdb(folder, 1),
  DuckDB: (folder) => duckdb(folder),
};

/** One contender, with nothing else in its process: it encodes once to warm up, and once to be measured. */
runChild<EncodeJob>(async ({ contender, folder, path }, answer) => {
  const encode = await PREPARE[contender](folder);
  const first = `${path}.first`;
  await encode(first);
  await rm(first);
  globalThis.gc?.();
  const before = process.cpuUsage();
  const begun = performance.now();
  await encode(path);
  const ms = performance.now() - begun;
  const { user, system } = process.cpuUsage(before);
  answer({ ms, cpuMs: (user + system) / 1000 } satisfies Encoded);
});
