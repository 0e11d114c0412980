import { type Attributes, type Span, SpanStatusCode } from '@opentelemetry/api';
import { toFailure } from '../errors';
import { isError } from '../logging/is-error';
import type { LogRecord } from '../logging/log';
import type { Masker } from '../logging/masking';
import type { OutgoingCall, TelemetrySpan } from '../ports/telemetry';
import type { CallTally } from './call-tallies';

export function markFailed(span: Span, code: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  span.setAttribute('error_code', code);
}

/** Marks a span as failed, with an exception below it that carries the same dimensions. */
export function tellFailure(
  span: Span,
  dimensions: LogRecord['dimensions'],
  { code, kind, message }: Parameters<TelemetrySpan['failed']>[0],
  error: unknown,
  masker: Masker,
): void {
  markFailed(span, code);
  span.setAttribute('error_kind', kind);
  const stack = isError(error) && error.stack !== undefined ? error.stack : `${code}: ${message}`;
  span.addEvent('exception', {
    ...dimensions,
    error_code: code,
    error_kind: kind,
    'exception.type': isError(error) ? error.name : code,
    'exception.message': masker.maskText(message),
    'exception.stacktrace': masker.maskText(stack),
  });
}

export function nameOf({ system, operation }: OutgoingCall): string {
  return `${system} ${operation}`;
}

export function addressOf({ system, operation, target }: OutgoingCall): Attributes {
  return { system, operation, target, 'peer.service': target };
}

export function figuresOf({ calls, failed, busyMs, slowestMs }: CallTally): Attributes {
  return { calls, failed_calls: failed, busy_ms: Math.round(busyMs), slowest_ms: Math.round(slowestMs) };
}

export function codeOf(error: unknown): string {
  return toFailure(error).code;
}
