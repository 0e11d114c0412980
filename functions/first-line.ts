import { toFailure } from '../shared/errors';

/** The library gives the reason and, below it, the stack of wherever it was thrown: that is for logs, not for reports. */
export function firstLine(error: unknown): string {
  const { message } = toFailure(error);
  return (message.split('\n', 1)[0] ?? message).trim();
}
