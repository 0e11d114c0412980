import type { Log, LogDimensions } from '../ports/log';
import { Masker } from './masking';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of the log, its secrets masked. `time` is in milliseconds since 1970-01-01T00:00:00Z. */
export interface LogRecord {
  readonly time: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly dimensions: Readonly<Record<string, string | number | boolean>>;
}

export interface LogOptions {
  /** The least that is written. */
  readonly level: LogLevel;
  readonly write: (record: LogRecord) => void;
  /** What every line carries. */
  readonly dimensions?: LogDimensions;
  /** Knows the secrets of this process; without one, only what looks like a secret is masked. */
  readonly masker?: Masker;
  /** The time in epoch ms; the machine's clock unless given. */
  readonly now?: () => number;
}

const RANK: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/** A structured log whose lines go to `write` one by one, masked, from `level` on. */
export function createLog(options: LogOptions): Log {
  const { level: least, write, dimensions: own = {}, masker = new Masker(), now = Date.now } = options;
  const at =
    (level: LogLevel) =>
    (message: string, dimensions: LogDimensions = {}) => {
      if (RANK[level] < RANK[least]) return;
      write({
        time: now(),
        level,
        message: masker.maskText(message),
        dimensions: maskedDimensions(masker, { ...own, ...dimensions }),
      });
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (dimensions) => createLog({ ...options, masker, dimensions: { ...own, ...dimensions } }),
  };
}

/** The dimensions that have a value, with their secrets masked. */
export function maskedDimensions(masker: Masker, dimensions: LogDimensions): LogRecord['dimensions'] {
  const found: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(dimensions)) {
    if (value === undefined) continue;
    const safe = masker.maskValue(value, name);
    found[masker.maskText(name)] = typeof safe === 'number' || typeof safe === 'boolean' ? safe : String(safe);
  }
  return found;
}
