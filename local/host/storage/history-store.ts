import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../../../shared/ports/log';
import { type Execution, foldRecords } from '../durable/execution';
import { WorkQueue } from '../durable/work-queue';
import { HostError, messageOf } from '../errors';
import { FileWriter, temporarySuffix, type WriteObserver, type WriteRequest } from './file-writer';
import { type CreatedRecord, type InstanceRecord, parseRecords, recordLine } from './records';
import { lockState } from './state-lock';

export interface HistoryStoreOptions {
  readonly log: Log;
  /** Called once when a write fails: what the host believes and what is on disk have then parted. */
  readonly onFailure: (error: HostError) => void;
  readonly observer?: WriteObserver;
  /** On by default; see FileWriterOptions. */
  readonly groupCommit?: boolean;
}

const suffix = '.ndjson';
const FILES_AT_ONCE = 32;

/**
 * The histories of one task hub: a directory with a file for each instance, a line for each record. A record counts from
 * the moment its line is whole on disk.
 */
export class HistoryStore {
  readonly #directory: string;
  readonly #options: HistoryStoreOptions;
  readonly #writer: FileWriter;
  readonly #queue: WorkQueue;
  readonly #unlock: () => void;
  #failure: HostError | undefined;

  /** Opens `stateDir/hubName`, making it where it is not there. @throws HostError `host_state_in_use` */
  constructor(stateDir: string, hubName: string, options: HistoryStoreOptions) {
    this.#directory = join(stateDir, hubName, 'instances');
    this.#options = options;
    // Histories hold inputs and results: they are nobody else's to read.
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    this.#unlock = lockState(join(stateDir, hubName, 'host.lock'));
    this.#queue = new WorkQueue(FILES_AT_ONCE, (error) => this.#fail(error));
    this.#writer = new FileWriter(this.#directory, {
      queue: this.#queue,
      observer: options.observer,
      groupCommit: options.groupCommit ?? true,
    });
  }

  /**
   * Reads every instance, mends what a kill has cut off, and gives the executions in no particular order, ended ones
   * without their history.
   */
  async load(): Promise<Execution[]> {
    const executions: Execution[] = [];
    const names = await readdir(this.#directory);
    const readers = new WorkQueue(FILES_AT_ONCE, (error) => this.#fail(error));
    for (const name of names) {
      readers.add(async () => {
        const execution = await this.#loadFile(name);
        if (execution !== undefined) {
          executions.push(execution);
        }
      });
    }
    await readers.idle();
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    return executions;
  }

  /** Reads one instance again, as far as its records are on disk. */
  async read(instanceId: string): Promise<Execution | undefined> {
    return foldRecords(parseRecords(await readFile(join(this.#directory, fileName(instanceId)))).records);
  }

  /** Begins the file of an instance that has none. */
  create(record: CreatedRecord): Promise<void> {
    return this.#write({ kind: 'append', file: fileName(record.instanceId), text: recordLine(record), isNew: true });
  }

  /** Begins the file of an instance again: all of its earlier records are gone, or, after a kill, all still there. */
  replace(record: CreatedRecord): Promise<void> {
    return this.#write({ kind: 'replace', file: fileName(record.instanceId), text: recordLine(record) });
  }

  append(instanceId: string, record: Exclude<InstanceRecord, CreatedRecord>): Promise<void> {
    return this.#write({ kind: 'append', file: fileName(instanceId), text: recordLine(record), isNew: false });
  }

  remove(instanceId: string): Promise<void> {
    return this.#write({ kind: 'remove', file: fileName(instanceId) });
  }

  /**
   * Waits for the writes under way and gives the directory free. What a left-behind activity still wants to write is
   * refused: another host may be using the directory by then.
   */
  async close(): Promise<void> {
    await this.#queue.idle();
    this.#failure ??= new HostError('host_stopped', 'The local host has stopped.');
    this.#unlock();
  }

  async #write(request: WriteRequest): Promise<void> {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
    try {
      await this.#writer.write(request);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async #loadFile(name: string): Promise<Execution | undefined> {
    const path = join(this.#directory, name);
    if (name.endsWith(temporarySuffix)) {
      await rm(path, { force: true });
      return undefined;
    }
    if (!name.endsWith(suffix)) {
      return undefined;
    }
    const bytes = await readFile(path);
    try {
      const { records, wholeBytes } = parseRecords(bytes);
      if (wholeBytes < bytes.length) {
        this.#options.log.warn(`The last record of ${name} was cut off while being written; it is dropped.`);
        // What is appended next must begin a line of its own.
        await truncate(path, wholeBytes);
      }
      const execution = foldRecords(records);
      if (execution === undefined) {
        await rm(path, { force: true });
      }
      if (execution?.isTerminal) {
        execution.forgetHistory();
      }
      return execution;
    } catch (error) {
      throw new HostError(
        'host_state_damaged',
        `The history ${path} is damaged: ${messageOf(error)}. Move the file away to start without that instance.`,
        error,
      );
    }
  }

  #fail(error: unknown): HostError {
    if (this.#failure === undefined) {
      this.#failure =
        error instanceof HostError
          ? error
          : new HostError(
              'host_state_write_failed',
              `The history cannot be written in ${this.#directory}: ${messageOf(error)}`,
              error,
            );
      this.#options.onFailure(this.#failure);
    }
    return this.#failure;
  }
}

/**
 * The file of an instance: a readable part and a digest, since instance ids may be 256 characters of any script and file
 * systems may ignore case.
 */
export function fileName(instanceId: string): string {
  const digest = createHash('sha256').update(instanceId).digest('hex').slice(0, 24);
  return `${instanceId.replace(/[^\w.-]/g, '_').slice(0, 64)}-${digest}${suffix}`;
}
