import { type FileHandle, open } from 'node:fs/promises';

const LINES_AT_ONCE = 1000;

/** A text file in the making, its last lines in memory. */
export class LineFile {
  readonly #file: FileHandle;
  #lines: string[] = [];

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async create(path: string): Promise<LineFile> {
    return new LineFile(await open(path, 'wx'));
  }

  async add(line: string): Promise<void> {
    this.#lines.push(line);
    if (this.#lines.length >= LINES_AT_ONCE) await this.#write();
  }

  async close(): Promise<void> {
    await this.#write();
    await this.#file.close();
  }

  async #write(): Promise<void> {
    const lines = this.#lines.map((line) => `${line}\n`);
    this.#lines = [];
    await this.#file.appendFile(lines.join(''));
  }
}
