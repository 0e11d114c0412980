import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogueDataset } from '../ports/catalogue-database';
import type { Channel, Video } from './catalogue';
import { CsvDataset, type CsvFile } from './csv-dataset';
import { onDisk } from './csv-disk';
import { byDataset, CATALOGUE_DATASETS, type CatalogueRows, channelRows, videoRows } from './csv-rows';

/** The files of every dataset, in order; an empty dataset has one with nothing but its header. */
export type CsvFileLists = Readonly<Record<CatalogueDataset, readonly CsvFile[]>>;

/**
 * A catalogue on its way into local CSV files, in a temporary folder of its own. What is in memory stays small, however
 * large the catalogue is, and the same catalogue in the same order gives the same bytes.
 */
export class CsvFiles {
  readonly #datasets: Readonly<Record<CatalogueDataset, CsvDataset>>;

  private constructor(
    private readonly folder: string,
    rowsPerFile: number,
  ) {
    this.#datasets = byDataset((name) => new CsvDataset(name, folder, rowsPerFile));
  }

  /**
   * @param parent the folder that the temporary one is made in
   * @param rowsPerFile rows of a file, without its header; from 1
   * @throws BatchError `csv_file_failed`, as do all methods
   */
  static async create(parent: string, rowsPerFile: number): Promise<CsvFiles> {
    const folder = await onDisk(`make a folder in ${parent}`, mkdtemp(join(parent, 'makoto-csv-')));
    return new CsvFiles(folder, rowsPerFile);
  }

  async addChannel(channel: Channel): Promise<void> {
    await this.#append(channelRows(channel));
  }

  /** @param premieres ids of videos that were broadcast without being streams */
  async addVideo(video: Video, premieres: ReadonlySet<string>): Promise<void> {
    await this.#append(videoRows(video, premieres));
  }

  async finish(): Promise<CsvFileLists> {
    for (const name of CATALOGUE_DATASETS) await this.#datasets[name].finish();
    return byDataset((name) => this.#datasets[name].files);
  }

  /** Removes the folder with all that is in it, finished or not. */
  async remove(): Promise<void> {
    try {
      for (const name of CATALOGUE_DATASETS) await this.#datasets[name].close();
    } finally {
      await onDisk(`remove ${this.folder}`, rm(this.folder, { recursive: true, force: true }));
    }
  }

  async #append(rows: CatalogueRows): Promise<void> {
    for (const name of CATALOGUE_DATASETS) {
      const row = rows[name];
      if (row !== undefined) await this.#datasets[name].append(row);
    }
  }
}
