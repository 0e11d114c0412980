import { createHash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { ParquetError } from './parquet-error';

/** A local file in the making, hashed as it grows, so that its digest costs no second reading. */
export class PartFile {
  private readonly hash = createHash('sha256');
  private bytes = 0;
  private closed = false;

  private constructor(
    readonly path: string,
    private readonly handle: FileHandle,
  ) {}

  /** @throws ParquetError `part_file_failed`, as do all methods */
  static async create(path: string): Promise<PartFile> {
    const handle = await open(path, 'wx+').catch((cause: unknown) => failed(path, 'created', cause));
    return new PartFile(path, handle);
  }

  get size(): number {
    return this.bytes;
  }

  async append(chunk: Uint8Array): Promise<void> {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    await this.handle.appendFile(chunk).catch((cause: unknown) => failed(this.path, 'written', cause));
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const buffer = new Uint8Array(length);
    const { bytesRead } = await this.handle
      .read(buffer, 0, length, offset)
      .catch((cause: unknown) => failed(this.path, 'read back', cause));
    return buffer.subarray(0, bytesRead);
  }

  /** Closes the file. @returns its SHA-256 in hexadecimal */
  async finish(): Promise<string> {
    await this.close();
    return this.hash.digest('hex');
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true }).catch((cause: unknown) => failed(this.path, 'removed', cause));
  }

  private async close(): Promise<void> {
    if (!this.closed) {
      this.closed = true;
      await this.handle.close().catch((cause: unknown) => failed(this.path, 'closed', cause));
    }
  }
}

/** Transient: a disk that is full or fails here is another one, or an emptier one, at the next try. */
function failed(path: string, what: string, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new ParquetError(`The local file ${path} could not be ${what}: ${reason}`, {
    code: 'part_file_failed',
    kind: 'transient',
    cause,
  });
}
