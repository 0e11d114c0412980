import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WorkQueue } from '../durable/work-queue';

/** Told of every write of the history, around it: tests of resumption kill the process there. */
export interface WriteObserver {
  beforeWrite(): void;
  afterWrite(): void;
}

export interface FileWriterOptions {
  /** Bounds how many files are open at once. */
  readonly queue: WorkQueue;
  readonly observer: WriteObserver | undefined;
  /** Lines that wait for the same file go to disk in one write; off, every line is a write of its own. */
  readonly groupCommit: boolean;
}

export type WriteRequest =
  | { readonly kind: 'append'; readonly file: string; readonly text: string; readonly isNew: boolean }
  | { readonly kind: 'replace'; readonly file: string; readonly text: string }
  | { readonly kind: 'remove'; readonly file: string };

type Operation = WriteRequest & { readonly done: () => void; readonly failed: (error: unknown) => void };

export const temporarySuffix = '.tmp';

/**
 * Durable writes of many small files. Requests for one file are carried out in the order made; each is on disk (data,
 * and the directory's entry where that changed) when its promise resolves.
 */
export class FileWriter {
  readonly #directory: string;
  readonly #options: FileWriterOptions;
  readonly #waiting = new Map<string, Operation[]>();
  #directorySync: Promise<void> | undefined;
  #nextDirectorySync: Promise<void> | undefined;

  constructor(directory: string, options: FileWriterOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  write(request: WriteRequest): Promise<void> {
    return new Promise((done, failed) => {
      const operation: Operation = { ...request, done, failed };
      const waiting = this.#waiting.get(request.file);
      if (waiting === undefined) {
        this.#waiting.set(request.file, [operation]);
        this.#options.queue.add(() => this.#drain(request.file));
      } else {
        waiting.push(operation);
      }
    });
  }

  async #drain(file: string): Promise<void> {
    // What the current round of the event loop still adds to this file shares its first write.
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const batch = this.#take(file);
      const [first] = batch;
      if (first === undefined) {
        this.#waiting.delete(file);
        return;
      }
      try {
        this.#options.observer?.beforeWrite();
        await this.#carryOut(first, batch);
        this.#options.observer?.afterWrite();
      } catch (error) {
        // What was to follow in this file must not be written over the gap.
        for (const operation of [...batch, ...(this.#waiting.get(file) ?? [])]) {
          operation.failed(error);
        }
        this.#waiting.delete(file);
        return;
      }
      for (const operation of batch) {
        operation.done();
      }
    }
  }

  /** The next operation of the file, with the appends right behind it where they may go together. */
  #take(file: string): Operation[] {
    const waiting = this.#waiting.get(file) ?? [];
    let count = Math.min(waiting.length, 1);
    if (this.#options.groupCommit && waiting[0]?.kind === 'append') {
      while (waiting[count]?.kind === 'append') {
        count++;
      }
    }
    return waiting.splice(0, count);
  }

  async #carryOut(first: Operation, batch: readonly Operation[]): Promise<void> {
    const path = join(this.#directory, first.file);
    if (first.kind === 'append') {
      const text = batch.map((operation) => (operation.kind === 'append' ? operation.text : '')).join('');
      await writeThrough(path, first.isNew ? 'ax' : 'a', text);
      if (first.isNew) {
        await this.#syncDirectory();
      }
    } else if (first.kind === 'replace') {
      await writeThrough(path + temporarySuffix, 'w', first.text);
      await rename(path + temporarySuffix, path);
      await this.#syncDirectory();
    } else {
      await rm(path, { force: true });
      await this.#syncDirectory();
    }
  }

  /** One flush of the directory serves everybody who waits for it; a change made during one needs the next. */
  #syncDirectory(): Promise<void> {
    if (this.#directorySync === undefined) {
      this.#directorySync = flushDirectory(this.#directory).finally(() => {
        this.#directorySync = undefined;
      });
      return this.#directorySync;
    }
    this.#nextDirectorySync ??= this.#directorySync.then(() => {
      this.#nextDirectorySync = undefined;
      return this.#syncDirectory();
    });
    return this.#nextDirectorySync;
  }
}

async function writeThrough(path: string, flag: 'a' | 'ax' | 'w', text: string): Promise<void> {
  const handle = await open(path, flag);
  try {
    await handle.appendFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function flushDirectory(path: string): Promise<void> {
  // Windows cannot open a directory, and needs no flush of one.
  if (process.platform === 'win32') {
    return;
  }
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
