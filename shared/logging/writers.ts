import type { LogRecord } from './log';

/** Whatever takes text: a process's standard output, a file, a test's array. */
export interface TextSink {
  write(text: string): unknown;
}

/**
 * One JSON object a line: `time` (ISO 8601, UTC), `level`, `message`, then the dimensions by their names. A dimension named
 * as one of the first three is written with `_` before it.
 */
export function jsonLines(sink: TextSink): (record: LogRecord) => void {
  return ({ time, level, message, dimensions }) => {
    const head = { time: new Date(time).toISOString(), level, message };
    const rest = Object.entries(dimensions).map(([name, value]) => [name in head ? `_${name}` : name, value]);
    sink.write(`${JSON.stringify({ ...head, ...Object.fromEntries(rest) })}\n`);
  };
}

/** A line for people: `HH:MM:SS level message name=value …`, in UTC. Further lines of a message are indented. */
export function plainLines(sink: TextSink): (record: LogRecord) => void {
  return ({ time, level, message, dimensions }) => {
    const clock = new Date(time).toISOString().slice(11, 19);
    const pairs = Object.entries(dimensions).map(([name, value]) => ` ${plainText(name)}=${plainValue(value)}`);
    sink.write(`${clock} ${level.padEnd(5)} ${plainText(message)}${pairs.join('')}\n`);
  };
}

function plainValue(value: string | number | boolean): string {
  const text = String(value);
  return text === '' || /[\s"=]/.test(text) ? plainText(JSON.stringify(text)) : plainText(text);
}

/** Nothing in a message can begin a line of its own, nor move a terminal's cursor. */
function plainText(text: string): string {
  return text
    .replace(/\r\n|[\n\r\u2028\u2029]/g, '\n               ')
    .replace(/[\p{Cc}]/gu, (control) =>
      control === '\n' ? control : `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`,
    );
}
