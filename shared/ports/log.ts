/** The dimensions of a log line, beside its sentence: short values that an operator filters by. */
export type LogDimensions = Readonly<Record<string, string | number | boolean | undefined>>;

/** A structured log. Messages are sentences; secrets are masked by whoever implements it. */
export interface Log {
  debug(message: string, dimensions?: LogDimensions): void;
  info(message: string, dimensions?: LogDimensions): void;
  warn(message: string, dimensions?: LogDimensions): void;
  error(message: string, dimensions?: LogDimensions): void;
  /** The same log with dimensions that every line of it carries. */
  with(dimensions: LogDimensions): Log;
}
