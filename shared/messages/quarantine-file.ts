import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { QuarantineReason } from './quarantine-reason';

/** One line of a quarantine file: a message that is no row, and why. The message itself stays where it is. */
export interface QuarantineEntry {
  readonly key: string;
  readonly reason: QuarantineReason;
  readonly detail: string;
  readonly etag: string;
  readonly size: number;
}

/** A quarantine file on its way to the store: JSON lines, kept in a temporary file until it is uploaded. */
export class QuarantineFile {
  lines = 0;
  bytes = 0;
  private readonly digest = createHash('sha256');

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {}

  static async create(folder: string): Promise<QuarantineFile> {
    const path = join(folder, 'quarantine.jsonl');
    return new QuarantineFile(path, await open(path, 'w'));
  }

  async add(entry: QuarantineEntry): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    await this.file.appendFile(line);
    this.digest.update(line);
    this.lines += 1;
    this.bytes += line.length;
  }

  /** Ends the file. @returns its digest, and what is needed to upload it */
  async finish(): Promise<{
    readonly sha256: string;
    readonly size: number;
    open(): ReturnType<typeof createReadStream>;
  }> {
    await this.file.close();
    return { sha256: this.digest.digest('hex'), size: this.bytes, open: () => createReadStream(this.path) };
  }

  async discard(): Promise<void> {
    await this.file.close();
    await rm(this.path, { force: true });
  }
}
