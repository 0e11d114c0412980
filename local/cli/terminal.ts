import { cutToWidth } from './display-width';

/** A process's standard output or error; in tests an array. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const CLEAR_LINE = '\r\u001b[2K';

/**
 * Where a run tells how it is getting on: on a terminal one line that is written over and over, elsewhere (a file, a pipe, a
 * build's log) a line for each step. Lines that are to stay, such as those of the log, go through it too, so that the
 * two do not run into one another.
 */
export class ProgressDisplay {
  readonly #stream: OutputStream;
  #shown = '';

  constructor(stream: OutputStream) {
    this.#stream = stream;
  }

  /** How things stand now; seen on a terminal only. */
  show(state: string): void {
    if (!this.#stream.isTTY) return;
    // The last column stays free: a terminal would go on to the next line there.
    this.#shown = cutToWidth(state, (this.#stream.columns ?? 80) - 1);
    this.#stream.write(`${CLEAR_LINE}${this.#shown}`);
  }

  /** Something that happened; seen where there is no terminal only. */
  step(text: string): void {
    if (!this.#stream.isTTY) this.#stream.write(`${text}\n`);
  }

  /** For a log, whose lines stay. */
  readonly logSink = { write: (text: string) => this.print(text.trimEnd()) };

  /** Lines that stay, anywhere. */
  print(text: string): void {
    const [before, after] = this.#shown === '' ? ['', ''] : [CLEAR_LINE, this.#shown];
    this.#stream.write(`${before}${text}\n${after}`);
  }

  /** Takes the line away. */
  clear(): void {
    if (this.#shown !== '') this.#stream.write(CLEAR_LINE);
    this.#shown = '';
  }
}
