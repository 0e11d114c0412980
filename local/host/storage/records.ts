import type { MessageEvent, RuntimeStatus, ScheduledEvent } from '../durable/history';

/** The task of another instance that waits for this one. An answer is valid only for that very execution. */
export interface ParentLink {
  readonly instanceId: string;
  readonly executionId: string;
  readonly taskId: number;
}

/**
 * The first record of an instance's file: an execution begins. A file has one of these, because an instance that is
 * started over or continues as new replaces its file.
 */
export interface CreatedRecord {
  readonly record: 'created';
  readonly instanceId: string;
  /** Tells this execution from an earlier one of the same instance id. */
  readonly executionId: string;
  readonly name: string;
  readonly version: string | null;
  /** JSON text. */
  readonly input: string | null;
  readonly parent?: ParentLink;
  /** The instance's place in a trace, and the place of who started it, as W3C traceparents. */
  readonly trace?: { readonly own: string; readonly parent?: string };
  readonly createdAt: string;
  /** What the execution before this one had received and not yet used. */
  readonly carriedOver?: readonly MessageEvent[];
  readonly customStatus?: unknown;
}

/** Something reached the instance. Its place among the file's messages, counted from the start event's 0, names it. */
export interface MessageRecord {
  readonly record: 'message';
  readonly event: Exclude<MessageEvent, { EventType: 0 }>;
}

/** One turn of the orchestrator: the messages it used, what it scheduled, and the state it left. */
export interface TurnRecord {
  readonly record: 'turn';
  readonly startedAt: string;
  readonly endedAt: string;
  /** The numbers of the messages used, in the order used. */
  readonly used: readonly number[];
  readonly scheduled: readonly ScheduledEvent[];
  /** Timers that the orchestrator has called off. */
  readonly cancelledTimers: readonly number[];
  readonly status: RuntimeStatus;
  readonly customStatus?: unknown;
  /** JSON text; on a failed or terminated instance, of the reason. */
  readonly output?: string | null;
  /** On a failed instance: the stack or other particulars. */
  readonly details?: string;
}

export type InstanceRecord = CreatedRecord | MessageRecord | TurnRecord;

export function recordLine(record: InstanceRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export interface ParsedRecords {
  readonly records: readonly InstanceRecord[];
  /** How many bytes of the file hold whole records; what follows was cut off while being written. */
  readonly wholeBytes: number;
}

const newline = 0x0a;

/**
 * The records in the bytes of an instance file. A last line without its newline, or that cannot be read, was being
 * written when the process died: its effects had not begun, so it is left out.
 * @throws SyntaxError for an unreadable line before the last one: that file was damaged by something else
 */
export function parseRecords(bytes: Buffer): ParsedRecords {
  const records: InstanceRecord[] = [];
  let from = 0;
  while (from < bytes.length) {
    const end = bytes.indexOf(newline, from);
    if (end === -1) {
      break;
    }
    const isLast = end === bytes.length - 1;
    const record = parseLine(bytes.toString('utf8', from, end), isLast);
    if (record === undefined) {
      break;
    }
    records.push(record);
    from = end + 1;
  }
  return { records, wholeBytes: from };
}

function parseLine(line: string, isLast: boolean): InstanceRecord | undefined {
  try {
    return JSON.parse(line) as InstanceRecord;
  } catch (error) {
    if (isLast) {
      return undefined;
    }
    throw error;
  }
}
