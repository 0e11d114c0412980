import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { DATASETS } from '../../shared/messages/datasets';
import type { ColumnType } from '../../shared/parquet/schema';
import { quoted } from './duckdb';

/** As DuckDB names them. Of timestamps the instant is compared, whatever a file says of their zone and unit. */
const TYPES: Readonly<Record<ColumnType, string>> = {
  string: 'VARCHAR',
  json: 'VARCHAR',
  int32: 'INTEGER',
  int64: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'BIGINT',
  date: 'DATE',
};

const { columns } = DATASETS.messages;

/** Sees to it that all files hold the same rows, whoever wrote them: every value of every column. */
export class SameRows {
  readonly #connection: DuckDBConnection;
  readonly #rows: number;
  #first: { readonly name: string; readonly digest: string } | undefined;

  private constructor(connection: DuckDBConnection, rows: number) {
    this.#connection = connection;
    this.#rows = rows;
  }

  /** @param rows of every file */
  static async open(rows: number): Promise<SameRows> {
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      enable_external_file_cache: 'false',
    });
    return new SameRows(await instance.connect(), rows);
  }

  /** @throws Error where a file holds another number of rows, a column of another type, or another value than the first one that was checked */
  async check(name: string, path: string): Promise<void> {
    const file = `read_parquet(${quoted(path)})`;
    const selected = columns.map(({ name, type }) =>
      type === 'timestamp' ? `epoch_ms("${name}") AS "${name}"` : `"${name}"`,
    );
    const rows = `(SELECT ${selected.join(', ')} FROM ${file})`;
    const types = await this.#connection.runAndReadAll(`SELECT * FROM ${rows} LIMIT 0`);
    const wrong = columns.filter(({ type }, index) => String(types.columnTypes()[index]) !== TYPES[type]);
    if (wrong.length > 0) throw new Error(`"${name}" has written other types: ${types.columnTypes().join(', ')}.`);
    const names = columns.map((column) => `"${column.name}"`).join(', ');
    // The key makes every row another one, so that no two take each other out.
    const digests = await this.#connection.runAndReadAll(`SELECT count(*), bit_xor(hash(${names})) FROM ${rows}`);
    const [count, digest] = (digests.getRows()[0] ?? []).map(String);
    if (Number(count) !== this.#rows) throw new Error(`"${name}" has written ${count} rows, not ${this.#rows}.`);
    this.#first ??= { name, digest: digest ?? '' };
    if (this.#first.digest !== digest)
      throw new Error(`"${name}" has written other values than "${this.#first.name}".`);
  }
}
