import { randomBytes } from 'node:crypto';

/** A place in a trace. */
export interface TracePlace {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
}

/** Version 00; a later one may have more behind it (www.w3.org/TR/trace-context, "Versioning of traceparent"). */
const FORM = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-|$)/;

/** The place that a W3C traceparent names, or undefined where it names none. */
export function parseTraceParent(text: string | undefined): TracePlace | undefined {
  const [, traceId, spanId] = FORM.exec(text?.trim() ?? '') ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}

export function traceParentOf({ traceId, spanId }: TracePlace): string {
  return `00-${traceId}-${spanId}-01`;
}

/** A traceparent below `parent`, or of a new trace where there is none that can be read. */
export function newTraceParent(parent?: string): string {
  const traceId = parseTraceParent(parent)?.traceId ?? randomBytes(16).toString('hex');
  return traceParentOf({ traceId, spanId: randomBytes(8).toString('hex') });
}
