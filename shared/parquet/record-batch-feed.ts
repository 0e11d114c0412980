import type { RecordBatch } from 'parquet-wasm';

/**
 * Hands record batches, one at a time, to a reader that pulls them: `feed` resolves when the reader asks for the next, so
 * when it is done with the one it was given.
 */
export class RecordBatchFeed {
  readonly stream: ReadableStream<RecordBatch>;
  private controller: ReadableStreamDefaultController<RecordBatch> | undefined;
  private asked: () => void = () => {};
  private demand: Promise<void>;
  private ended = false;

  constructor() {
    this.demand = this.nextDemand();
    // Without a queue of its own the stream pulls only while the reader waits.
    this.stream = new ReadableStream<RecordBatch>(
      {
        start: (controller) => {
          this.controller = controller;
        },
        pull: () => this.asked(),
      },
      { highWaterMark: 0 },
    );
  }

  async feed(batch: RecordBatch): Promise<void> {
    await this.demand;
    if (this.ended) {
      batch.free();
      return;
    }
    this.demand = this.nextDemand();
    this.controller?.enqueue(batch);
    await this.demand;
  }

  end(): void {
    if (!this.ended) {
      this.ended = true;
      this.controller?.close();
      // Whoever waits for a demand goes on: none comes any more.
      this.asked();
    }
  }

  private nextDemand(): Promise<void> {
    return new Promise((resolve) => {
      this.asked = resolve;
    });
  }
}
