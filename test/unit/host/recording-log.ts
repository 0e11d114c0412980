import type { Log, LogDimensions } from '../../../shared/ports/log';

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly dimensions: LogDimensions;
}

/** A log whose lines a test reads. */
export function recordingLog(): { log: Log; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const write =
    (level: string) =>
    (message: string, dimensions: LogDimensions = {}) => {
      lines.push({ level, message, dimensions });
    };
  const log: Log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: () => log,
  };
  return { log, lines };
}
