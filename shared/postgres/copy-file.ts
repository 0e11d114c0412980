import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from } from 'pg-copy-streams';
import { CATALOGUE_COLUMNS, type CatalogueDataset } from '../ports/catalogue-database';

const CHUNK_BYTES = 256 * 1024;

/** Copies a file into the transaction's table `incoming_{dataset}`, piece by piece as the server takes them. */
export async function copyFile(client: ClientBase, dataset: CatalogueDataset, path: string): Promise<void> {
  const columns = CATALOGUE_COLUMNS[dataset].join(', ');
  // HEADER match: columns in another order would be taken for each other without a word.
  const text = `COPY pg_temp.incoming_${dataset} (${columns}) FROM STDIN (FORMAT csv, HEADER match, ENCODING 'UTF8')`;
  const file = await open(path);
  // The file is open before the COPY begins: one that is not there costs no connection.
  await pipeline(file.createReadStream({ highWaterMark: CHUNK_BYTES }), client.query(from(text)));
}
