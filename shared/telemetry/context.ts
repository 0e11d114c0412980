import {
  type Context,
  context,
  createContextKey,
  propagation,
  type TextMapPropagator,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { LogRecord } from '../logging/log';
import type { CallTallies } from './call-tallies';
import { parseTraceParent, traceParentOf } from './trace-parent';

/** What a span hands to everything that is done within it. */
export interface Scope {
  readonly dimensions: LogRecord['dimensions'];
  readonly calls: CallTallies;
}

const SCOPE = createContextKey('makoto-daily-batch scope');

export function scopeOf(at: Context): Scope | undefined {
  return at.getValue(SCOPE) as Scope | undefined;
}

export function withScope(at: Context, scope: Scope): Context {
  return at.setValue(SCOPE, scope);
}

/** The context below a place in another process's trace; the one that is under way where the text names none. */
export function contextBelow(parent: string | undefined): Context {
  const place = parseTraceParent(parent);
  if (place === undefined) return context.active();
  return trace.setSpanContext(context.active(), { ...place, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

/**
 * What is under way follows through everything asynchronous, and goes out with calls that ask for it: the durable client puts it on the
 * request that starts an orchestration (durable-functions 3.5, DurableClient), which is how a timer and its run become one trace.
 * Another library that was first with its own is left in place.
 */
export function followContexts(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(traceParents);
}

const traceParents: TextMapPropagator = {
  inject: (at, carrier, setter) => {
    const place = trace.getSpanContext(at);
    if (place !== undefined) setter.set(carrier, 'traceparent', traceParentOf(place));
  },
  extract: (at, carrier, getter) => {
    const text = getter.get(carrier, 'traceparent');
    const place = parseTraceParent(Array.isArray(text) ? text[0] : text);
    if (place === undefined) return at;
    return trace.setSpanContext(at, { ...place, traceFlags: TraceFlags.SAMPLED, isRemote: true });
  },
  fields: () => ['traceparent'],
};
