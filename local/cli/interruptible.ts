import { endProcess } from './end-process';
import { Teardown } from './teardown';

/** As shells report a process that Ctrl-C ended: 128 and the number of SIGINT. */
export const INTERRUPTED = 130;

export interface InterruptibleProgram {
  /** Resolves with the exit code. What stays up until it is interrupted awaits something that never comes. */
  run(teardown: Teardown): Promise<number>;
  /** Tells the person who pressed Ctrl-C that it was heard. */
  onInterrupt(): void;
  /** Explains what the program, or its end, has thrown. Returns the exit code. */
  onError(error: unknown): number;
}

/**
 * Runs a program until it ends or is interrupted (Ctrl-C, SIGTERM), undoes what it had begun, and ends the process. A second
 * Ctrl-C does not wait for that.
 */
export async function runInterruptible(program: InterruptibleProgram): Promise<never> {
  const teardown = new Teardown();
  const interrupted = nextInterrupt(() => program.onInterrupt());
  // What fails after an interrupt fails because its services are taken away: that says nothing, and nobody is told.
  const ended = program.run(teardown).catch((error: unknown) => ({ error }));
  const first = await Promise.race([ended, interrupted]);
  let code = typeof first === 'number' ? first : program.onError(first.error);
  try {
    await teardown.run();
  } catch (error) {
    code = program.onError(error);
  }
  return endProcess(code);
}

function nextInterrupt(onFirst: () => void): Promise<number> {
  return new Promise((resolve) => {
    let signals = 0;
    const onSignal = () => {
      signals += 1;
      if (signals > 1) process.exit(INTERRUPTED);
      onFirst();
      resolve(INTERRUPTED);
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
}
