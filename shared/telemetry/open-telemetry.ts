import {
  type Attributes,
  type Context,
  type Counter,
  context,
  type Histogram,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type Logger, SeverityNumber } from '@opentelemetry/api-logs';
import { toFailure } from '../errors';
import { type LogLevel, type LogRecord, maskedDimensions } from '../logging/log';
import type { Masker } from '../logging/masking';
import type { LogDimensions } from '../ports/log';
import type { Metric, OutgoingCall, ServedRequest, Telemetry, TelemetrySpan } from '../ports/telemetry';
import { CallTallies, type CallTally } from './call-tallies';
import { contextBelow, followContexts, type Scope, scopeOf, withScope } from './context';
import type { Destination } from './destination';
import type { Outlet } from './outlet';
import { PlannedIds } from './planned-ids';
import { createProviders, type Providers, SERVICE_NAME } from './providers';
import { addressOf, codeOf, figuresOf, markFailed, nameOf, tellFailure } from './span-outcomes';
import { parseTraceParent } from './trace-parent';

/** How long the end of a command or a host waits for telemetry, in milliseconds. */
const FLUSH_MS = 2_000;

const SEVERITY: Readonly<Record<LogLevel, SeverityNumber>> = {
  debug: SeverityNumber.DEBUG,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

export interface OpenTelemetryOptions {
  readonly destinations: readonly Destination[];
  readonly sampling: number;
  readonly masker: Masker;
  /** Is told how many spans, log lines and points of metrics could not be sent. */
  readonly onLoss: (lost: number) => void;
}

/** Telemetry through the OpenTelemetry SDK. */
export class OpenTelemetry implements Telemetry {
  readonly #masker: Masker;
  readonly #ids = new PlannedIds();
  readonly #providers: Providers;
  readonly #tracer: Tracer;
  readonly #logger: Logger;
  readonly #counters = new Map<Metric, Counter>();
  readonly #durations: Histogram;
  readonly #onLoss: (lost: number) => void;
  #lossTold = 0;

  constructor({ destinations, sampling, masker, onLoss }: OpenTelemetryOptions) {
    followContexts();
    this.#masker = masker;
    this.#onLoss = onLoss;
    this.#providers = createProviders(destinations, sampling, this.#ids);
    this.#tracer = this.#providers.tracers.getTracer(SERVICE_NAME);
    this.#logger = this.#providers.loggers.getLogger(SERVICE_NAME);
    this.#durations = this.#providers.meters
      .getMeter(SERVICE_NAME)
      .createHistogram('export_duration_seconds' satisfies Metric, { unit: 's' });
  }

  async span<T>(
    name: string,
    dimensions: LogDimensions,
    work: (span: TelemetrySpan) => Promise<T>,
    parent?: string,
  ): Promise<T> {
    const outer = contextBelow(parent);
    const scope: Scope = {
      dimensions: { ...scopeOf(outer)?.dimensions, ...maskedDimensions(this.#masker, dimensions) },
      calls: new CallTallies(),
    };
    // What nobody else has begun is a request by itself, as the host's are: of the command line, say.
    const kind = trace.getSpanContext(outer) === undefined ? SpanKind.SERVER : SpanKind.INTERNAL;
    const span = this.#start(name, kind, scope.dimensions, outer);
    const inner = withScope(trace.setSpan(outer, span), scope);
    const told: TelemetrySpan = {
      add: (more) => span.setAttributes(maskedDimensions(this.#masker, more)),
      failed: (failure, error) => tellFailure(span, scope.dimensions, failure, error, this.#masker),
    };
    try {
      return await context.with(inner, () => work(told));
    } catch (error) {
      told.failed(toFailure(error), error);
      throw error;
    } finally {
      for (const tally of scope.calls.all) this.#tell(tally, scope.dimensions, inner);
      span.end();
    }
  }

  call<T>(call: OutgoingCall, make: () => Promise<T>): Promise<T> {
    const outer = context.active();
    const scope = scopeOf(outer);
    // Outside of a step nobody would know what a call belongs to.
    if (scope === undefined) return make();
    if (call.many) return scope.calls.watch(call, make, codeOf);
    return this.#single(call, make, scope, outer);
  }

  async #single<T>(call: OutgoingCall, make: () => Promise<T>, scope: Scope, outer: Context): Promise<T> {
    const span = this.#start(nameOf(call), SpanKind.CLIENT, { ...scope.dimensions, ...addressOf(call) }, outer);
    try {
      return await context.with(trace.setSpan(outer, span), make);
    } catch (error) {
      if (call.isAnswer?.(error) !== true) markFailed(span, codeOf(error));
      throw error;
    } finally {
      span.end();
    }
  }

  #tell(tally: CallTally, dimensions: LogRecord['dimensions'], at: Context): void {
    const { call, failure, startMs, endMs } = tally;
    const attributes = { ...dimensions, ...addressOf(call), ...figuresOf(tally) };
    const span = this.#start(nameOf(call), SpanKind.CLIENT, attributes, at, startMs);
    if (failure !== undefined) markFailed(span, failure);
    span.end(endMs);
  }

  record(metric: Metric, value: number, dimensions: LogDimensions): void {
    const attributes = maskedDimensions(this.#masker, dimensions);
    if (metric === 'export_duration_seconds') {
      this.#durations.record(value, attributes);
      return;
    }
    const counter = this.#counters.get(metric) ?? this.#providers.meters.getMeter(SERVICE_NAME).createCounter(metric);
    this.#counters.set(metric, counter);
    counter.add(value, attributes);
  }

  /** A line of the log, masked already, with the dimensions of the span that it belongs to. */
  write({ time, level, message, dimensions }: LogRecord): void {
    const at = context.active();
    this.#logger.emit({
      timestamp: time,
      severityNumber: SEVERITY[level],
      severityText: level,
      body: message,
      attributes: { ...scopeOf(at)?.dimensions, ...dimensions },
      context: at,
    });
  }

  request({ name, traceParent, parent, startMs, endMs, dimensions, problem }: ServedRequest): void {
    const place = parseTraceParent(traceParent);
    if (place === undefined) return;
    const above = parseTraceParent(parent);
    const at = above === undefined ? ROOT_CONTEXT : contextBelow(parent);
    const attributes = maskedDimensions(this.#masker, dimensions);
    const span = this.#ids.at(place, () => this.#start(name, SpanKind.SERVER, attributes, at, startMs));
    if (problem !== undefined) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: this.#masker.maskText(problem) });
    }
    span.end(endMs);
  }

  async flush(): Promise<void> {
    const { tracers, loggers, meters, outlets } = this.#providers;
    // What is told from here on is not a part of it.
    const gathered = sumOf(outlets, (outlet) => outlet.gathered.offered);
    // What is being sent already they do not wait for.
    const sent = Promise.allSettled([tracers.forceFlush(), loggers.forceFlush(), meters.forceFlush()]);
    await atMost(
      FLUSH_MS,
      sent.then(() => Promise.all(outlets.map((outlet) => outlet.idle()))),
    );
    const collected = sumOf(outlets, (outlet) => outlet.collected.offered - outlet.collected.arrived);
    const lost = gathered - sumOf(outlets, (outlet) => outlet.gathered.arrived) + collected - this.#lossTold;
    if (lost <= 0) return;
    this.#lossTold += lost;
    this.#onLoss(lost);
  }

  #start(name: string, kind: SpanKind, attributes: Attributes, at: Context, startTime?: number): Span {
    const options = { kind, attributes, ...(startTime === undefined ? {} : { startTime }) };
    return this.#tracer.startSpan(this.#masker.maskText(name), options, at);
  }
}

function sumOf(outlets: readonly Outlet[], amount: (outlet: Outlet) => number): number {
  return outlets.reduce((sum, outlet) => sum + amount(outlet), 0);
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const end = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, end]);
  clearTimeout(timer);
}
