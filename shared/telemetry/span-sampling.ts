import type { Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Deliveries } from './outlet';

/**
 * Whether a span is kept. Failures always are; of the others, the same share of traces everywhere, so that a trace is there whole or not
 * at all: the host, every worker and every instance come to the same.
 *
 * @param sampling the share, 0 to 1
 */
export function isKept(span: Pick<ReadableSpan, 'status' | 'spanContext'>, sampling: number): boolean {
  if (span.status.code === 2) return true;
  // The last 7 bytes of a trace id are random (www.w3.org/TR/trace-context-2, "Random Trace ID Flag").
  const random = Number.parseInt(span.spanContext().traceId.slice(-12), 16) / 0x1_0000_0000_0000;
  return random < sampling;
}

/** Passes on the spans that are kept, and counts them. Decides when a span has ended: whether it failed is not known before. */
export class SampledSpans implements SpanProcessor {
  readonly #next: SpanProcessor;
  readonly #sampling: number;
  readonly #deliveries: Deliveries;

  constructor(next: SpanProcessor, sampling: number, deliveries: Deliveries) {
    this.#next = next;
    this.#sampling = sampling;
    this.#deliveries = deliveries;
  }

  onStart(span: Span, parentContext: Context): void {
    this.#next.onStart(span, parentContext);
  }

  onEnd(span: ReadableSpan): void {
    if (!isKept(span, this.#sampling)) return;
    this.#deliveries.offered += 1;
    this.#next.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.#next.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#next.shutdown();
  }
}
