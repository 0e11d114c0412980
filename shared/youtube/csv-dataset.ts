import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogueDataset } from '../ports/catalogue-database';
import { onDisk } from './csv-disk';
import { CSV_COLUMNS, type CsvRow } from './csv-rows';
import { csvText } from './csv-text';

/** A finished local file: `rows` without its header, `size` in bytes. */
export interface CsvFile {
  readonly path: string;
  readonly rows: number;
  readonly size: number;
}

/** Rows that are kept until they are written together. Texts of some hundred kilobytes: larger ones outlive the young generation and cost twice the time. */
const ROWS_AT_ONCE = 20;

/** One dataset on its way into local files of at most so many rows; at least one file, each with the header. */
export class CsvDataset {
  readonly #files: CsvFile[] = [];
  #handle: FileHandle | undefined;
  #waiting: CsvRow[] = [];
  #rows = 0;
  #size = 0;

  constructor(
    private readonly dataset: CatalogueDataset,
    private readonly folder: string,
    private readonly rowsPerFile: number,
  ) {}

  /** @throws BatchError `csv_file_failed`, as do all methods */
  async append(row: CsvRow): Promise<void> {
    if (this.#rows === this.rowsPerFile) await this.#endFile();
    this.#waiting.push(row);
    this.#rows += 1;
    if (this.#waiting.length === ROWS_AT_ONCE) await this.#write();
  }

  /** Ends the last file. */
  async finish(): Promise<void> {
    if (this.#files.length === 0 || this.#rows > 0) await this.#endFile();
  }

  /** The files that are finished, in order. */
  get files(): readonly CsvFile[] {
    return this.#files;
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    if (handle !== undefined) await onDisk(`close a file of ${this.dataset}`, handle.close());
  }

  #path(): string {
    return join(this.folder, `${this.dataset}_${this.#files.length + 1}.csv`);
  }

  async #endFile(): Promise<void> {
    await this.#write();
    await this.close();
    this.#files.push({ path: this.#path(), rows: this.#rows, size: this.#size });
    this.#rows = 0;
    this.#size = 0;
  }

  async #write(): Promise<void> {
    const path = this.#path();
    const isNew = this.#handle === undefined;
    this.#handle ??= await onDisk(`create ${path}`, open(path, 'wx'));
    const rows = isNew ? [CSV_COLUMNS[this.dataset], ...this.#waiting] : this.#waiting;
    this.#waiting = [];
    const bytes = Buffer.from(csvText(rows));
    await onDisk(`write ${path}`, this.#handle.appendFile(bytes));
    this.#size += bytes.length;
  }
}
