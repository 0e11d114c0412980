import { type ChildProcess, fork } from 'node:child_process';
import { tailOf } from '../../local/services/child-process';

/**
 * A program of the bench in a process of its own. It is given one message, answers with others, and ends with this process at the latest.
 * What it needs goes by message and not by its command line, which everybody on the machine can read.
 */
export class Child {
  readonly #process: ChildProcess;
  readonly #errors: () => string;
  readonly #answers: unknown[] = [];
  readonly #ended: Promise<void>;
  #isOver = false;
  #wake: () => void = () => undefined;

  /**
   * @param program the path of its module
   * @param execArgv options of Node
   */
  constructor(program: string, input: object, execArgv: readonly string[] = []) {
    const child = fork(program, [], { execArgv: [...execArgv], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#process = child;
    this.#errors = tailOf(child.stderr);
    child.on('message', (answer) => {
      this.#answers.push(answer);
      this.#wake();
    });
    this.#ended = new Promise((resolve) => {
      const over = () => {
        this.#isOver = true;
        this.#wake();
        resolve();
      };
      child.once('close', over).once('error', over);
    });
    child.send(input);
  }

  /** Tells it more. */
  send(message: object): void {
    this.#process.send(message);
  }

  /** Its next answer. @throws Error with the last of what it said, where it ends without one */
  async answer<Answer>(): Promise<Answer> {
    while (this.#answers.length === 0 && !this.#isOver) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#answers.length > 0) return this.#answers.shift() as Answer;
    const { exitCode, signalCode } = this.#process;
    throw new Error(
      `A process of the bench ended (${signalCode ?? `code ${exitCode}`}) without its answer.\n${this.#errors()}`,
    );
  }

  async end(): Promise<void> {
    this.#process.kill();
    await this.#ended;
  }
}

/** In such a process: the message that it is given. Where it cannot go on, it ends with code 1 and the reason on standard error. */
export function runChild<Input>(work: (input: Input, answer: (answer: object) => void) => Promise<void>): void {
  process.once('message', (input) => {
    work(input as Input, (answer) => process.send?.(answer)).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(1);
    });
  });
  process.once('disconnect', () => process.exit());
}
