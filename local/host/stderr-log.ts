import type { Log, LogDimensions } from '../../shared/ports/log';

const levels = ['debug', 'info', 'warn', 'error'] as const;
type Level = (typeof levels)[number];

/** A log of plain lines on standard error, for a host that runs by itself. Lines below `least` are left out. */
export function stderrLog(least: Level = 'info', dimensions: LogDimensions = {}): Log {
  const write =
    (level: Level) =>
    (message: string, own: LogDimensions = {}) => {
      if (levels.indexOf(level) < levels.indexOf(least)) {
        return;
      }
      const pairs = Object.entries({ ...dimensions, ...own }).map(([name, value]) => ` ${name}=${value}`);
      process.stderr.write(`${new Date().toISOString()} ${level} ${message}${pairs.join('')}\n`);
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    with: (more) => stderrLog(least, { ...dimensions, ...more }),
  };
}
