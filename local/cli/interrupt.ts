import type { CliSession } from './cli-session';

/** Whether, and when, a person wants the command to end. */
export interface Interrupt {
  readonly interrupted: Promise<void>;
  isInterrupted(): boolean;
  /** From then on Ctrl-C ends the process again. */
  undo(): void;
}

/** Waits for Ctrl-C, and answers the first with a line; the second ends the process. */
export function interruptOf({ edges, display }: Pick<CliSession, 'edges' | 'display'>, answer: string): Interrupt {
  let isInterrupted = false;
  let undo = () => {};
  const interrupted = new Promise<void>((resolve) => {
    const listen = edges.onInterrupt ?? (() => undo);
    undo = listen(() => {
      isInterrupted = true;
      display.print(answer);
      resolve();
    });
  });
  return { interrupted, isInterrupted: () => isInterrupted, undo: () => undo() };
}
