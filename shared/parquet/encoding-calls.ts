import { errorOf } from './encoding-errors';
import type { EncodingLink, StartEncodingThread } from './encoding-link';
import type { EncodingAnswer, EncodingTask } from './encoding-messages';
import { ParquetError } from './parquet-error';

interface Call {
  resolve(): void;
  reject(error: Error): void;
}

/** Takes a file's bytes as they come; must not throw. */
export type OnChunk = (bytes: Uint8Array) => void;

/**
 * One thread that encodes, from its start to its end, and what is asked of it. It keeps the process alive only while an answer is still to
 * come.
 */
export class EncodingCalls {
  private readonly link: EncodingLink;
  private readonly calls = new Map<number, Call>();
  private readonly files = new Map<number, OnChunk>();
  private count = 0;
  private lost: ParquetError | undefined;
  private ending: Promise<void> = Promise.resolve();

  constructor(start: StartEncodingThread) {
    this.link = start({ onAnswer: (answer) => this.onAnswer(answer), onEnd: (reason) => this.onEnd(reason) });
    this.link.keepAlive(false);
  }

  get ended(): boolean {
    return this.lost !== undefined;
  }

  /** @returns the number of a new file, whose bytes `onChunk` gets until it is forgotten */
  newFile(onChunk: OnChunk): number {
    this.count += 1;
    this.files.set(this.count, onChunk);
    return this.count;
  }

  forget(file: number): void {
    this.files.delete(file);
  }

  /**
   * Has a task done. The buffers go with it, and are of no more use here.
   * @throws whatever it failed with in the thread; ParquetError `encoding_thread_lost`
   */
  async call(file: number, task: EncodingTask, transfer: readonly ArrayBuffer[] = []): Promise<void> {
    if (this.lost !== undefined) throw this.lost;
    this.count += 1;
    const call = this.count;
    this.link.send({ ...task, call, file }, transfer);
    if (this.calls.size === 0) this.link.keepAlive(true);
    await new Promise<void>((resolve, reject) => this.calls.set(call, { resolve, reject }));
  }

  /** Ends the thread; what is still asked of it fails. */
  async end(): Promise<void> {
    this.onEnd(new Error('it is not needed any more'));
    await this.ending;
  }

  private onAnswer(answer: EncodingAnswer): void {
    if (answer.answer === 'chunk') {
      this.files.get(answer.file)?.(answer.bytes);
      return;
    }
    const call = this.calls.get(answer.call);
    this.calls.delete(answer.call);
    if (this.calls.size === 0) this.link.keepAlive(false);
    if (answer.answer === 'done') call?.resolve();
    else call?.reject(errorOf(answer.error));
  }

  /** Transient: what was too much for this thread may not be for the next one, which begins with an empty memory. */
  private onEnd(cause: Error): void {
    if (this.lost !== undefined) return;
    const message = `The thread that encodes Parquet is gone: ${cause.message}`;
    this.lost = new ParquetError(message, { code: 'encoding_thread_lost', kind: 'transient', cause });
    for (const { reject } of this.calls.values()) reject(this.lost);
    this.calls.clear();
    this.files.clear();
    this.link.keepAlive(false);
    this.ending = this.link.end();
  }
}
