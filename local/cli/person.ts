import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import type { CliEdges } from './cli-session';

const STANDARD_INPUT = 0;

/** The person before the terminal of this process. Where its input is no terminal, nobody is there to be asked. */
export function personAtTerminal(): Pick<CliEdges, 'ask' | 'onInterrupt'> {
  return {
    ...(isatty(STANDARD_INPUT) ? { ask } : {}),
    onInterrupt: (listener) => {
      process.once('SIGINT', listener);
      return () => void process.off('SIGINT', listener);
    },
  };
}

/** The question stands on standard error: standard output may be for JSON. Ctrl-C and Ctrl-D answer with nothing. */
function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    const unanswered = () => {
      process.stderr.write('\n');
      resolve('');
    };
    lines.once('close', unanswered).once('SIGINT', () => lines.close());
    lines.question(question, (answer) => {
      lines.off('close', unanswered);
      lines.close();
      resolve(answer);
    });
  });
}
