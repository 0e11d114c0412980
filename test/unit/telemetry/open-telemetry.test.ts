import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { BatchError, StorageError } from '../../../shared/errors';
import type { LogRecord } from '../../../shared/logging/log';
import type { OutgoingCall } from '../../../shared/ports/telemetry';
import { newTraceParent, parseTraceParent } from '../../../shared/telemetry/trace-parent';
import { telling } from './collecting';

const STEP = { tenant: 'acme', job: 'export', date: '2025-08-11', run: 'export-2025-08-11', stage: 'collect' };

function line(message: string, dimensions: LogRecord['dimensions'] = {}): LogRecord {
  return { time: Date.parse('2025-08-12T17:00:00Z'), level: 'warn', message, dimensions };
}

function reading(overrides: Partial<OutgoingCall> = {}): OutgoingCall {
  return { system: 'blob', target: 'account/container', operation: 'read', many: true, ...overrides };
}

describe('a span', () => {
  test('is a request by itself where nobody asked for it, and else a part of whose it is', async () => {
    const { telemetry, to } = telling();
    const parent = newTraceParent();

    await telemetry.span('run', { job: 'export' }, () => telemetry.span('step', { tenant: 'acme' }, async () => {}));
    await telemetry.span('asked for', {}, async () => {}, parent);
    await telemetry.flush();

    const [run, step, asked] = ['run', 'step', 'asked for'].map((name) => to.span(name));
    expect(run).toMatchObject({ kind: SpanKind.SERVER, attributes: { job: 'export' } });
    expect(run?.parentSpanContext).toBeUndefined();
    expect(step).toMatchObject({ kind: SpanKind.INTERNAL, attributes: { job: 'export', tenant: 'acme' } });
    expect(step?.parentSpanContext?.spanId).toBe(run?.spanContext().spanId);
    expect(asked?.kind).toBe(SpanKind.INTERNAL);
    expect(asked?.parentSpanContext).toMatchObject(parseTraceParent(parent) ?? {});
  });

  test('gives what the work gives and throws what it throws, as a failure', async () => {
    const { telemetry, to } = telling();
    const error = new BatchError('It is full.', { code: 'storage_full', kind: 'configuration' });

    const value = await telemetry.span('good', STEP, async () => 7);
    const thrown = telemetry.span('bad', STEP, async () => {
      throw error;
    });

    expect(value).toBe(7);
    await expect(thrown).rejects.toBe(error);
    await telemetry.flush();
    expect(to.span('good').status.code).not.toBe(2);
    expect(to.span('bad')).toMatchObject({
      status: { code: 2, message: 'storage_full' },
      attributes: { ...STEP, error_code: 'storage_full', error_kind: 'configuration' },
      events: [{ name: 'exception', attributes: { ...STEP, 'exception.type': 'BatchError' } }],
    });
  });

  test('tells a failure that is a value, and what became known on the way', async () => {
    const { telemetry, to } = telling();
    const failure = { code: 'proof_failed', kind: 'permanent', message: 'The proof does not hold.' } as const;

    await telemetry.span('step', STEP, async (span) => {
      span.add({ listed: 5, nothing: undefined });
      span.failed(failure);
      return { ok: false, failure };
    });
    await telemetry.flush();

    expect(to.span('step')).toMatchObject({
      attributes: { listed: 5, error_code: 'proof_failed' },
      events: [{ attributes: { 'exception.message': 'The proof does not hold.' } }],
    });
    expect(to.span('step').attributes).not.toHaveProperty('nothing');
  });

  test('is what the durable client puts on its requests', async () => {
    const { telemetry, to } = telling();
    const headers: Record<string, string> = {};

    await telemetry.span('timer', {}, async () => propagation.inject(context.active(), headers));
    await telemetry.flush();

    const { traceId, spanId } = to.span('timer').spanContext();
    expect(headers).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
    expect(trace.getSpan(context.active())).toBeUndefined();
  });
});

test('a log line belongs to the span that it was written in, and has its dimensions beside its own', async () => {
  const { telemetry, to } = telling();

  await telemetry.span('step', STEP, async () => telemetry.write(line('In it.', { stage: 'publish', rows: 2 })));
  telemetry.write(line('Outside.'));
  await telemetry.flush();

  const [within, outside] = to.lines;
  expect(within).toMatchObject({
    body: 'In it.',
    severityText: 'warn',
    severityNumber: 13,
    attributes: { ...STEP, stage: 'publish', rows: 2 },
    spanContext: { spanId: to.span('step').spanContext().spanId },
  });
  expect(outside).toMatchObject({ body: 'Outside.', attributes: {} });
  expect(outside?.spanContext).toBeUndefined();
});

describe('calls of services', () => {
  test('of which there are many are added up by the step that makes them', async () => {
    const { telemetry, to } = telling();
    const missing = new StorageError('It is not there.', { code: 'object_not_found', kind: 'permanent' });
    const busy = new StorageError('It is busy.', { code: 'storage_throttled', kind: 'transient' });
    const call = reading({ isAnswer: (error) => error === missing });

    await telemetry.span('step', STEP, async () => {
      const calls = Array.from({ length: 1_000 }, (_, index) =>
        telemetry.call(call, async () => {
          if (index % 10 === 0) throw missing;
          if (index === 7) throw busy;
          return index;
        }),
      );
      const ended = await Promise.allSettled(calls);
      expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(899);
      await telemetry.call(reading({ operation: 'list' }), async () => 'page');
    });
    await telemetry.flush();

    expect(to.sent.map(({ name }) => name).sort()).toEqual(['blob list', 'blob read', 'step']);
    expect(to.span('blob read')).toMatchObject({
      kind: SpanKind.CLIENT,
      status: { code: 2, message: 'storage_throttled' },
      attributes: { ...STEP, calls: 1_000, failed_calls: 1, target: 'account/container' },
    });
    expect(to.span('blob list')).toMatchObject({ attributes: { calls: 1, failed_calls: 0 } });
    expect(to.span('blob list').status.code).not.toBe(2);
    expect(to.span('blob read').parentSpanContext?.spanId).toBe(to.span('step').spanContext().spanId);
  });

  test('of which there are few are told one by one', async () => {
    const { telemetry, to } = telling();
    const call = reading({ system: 'postgresql', operation: 'load', many: false });

    await telemetry.span('step', STEP, async () => {
      await telemetry.call(call, async () => {});
      await expect(telemetry.call(call, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    });
    await telemetry.flush();

    const loads = to.sent.filter(({ name }) => name === 'postgresql load');
    expect(loads.map(({ status }) => status.message)).toEqual([undefined, 'internal_error']);
  });

  test('outside of any step are made, and not told', async () => {
    const { telemetry, to } = telling();

    const page = await telemetry.call(reading({ many: false }), async () => 'page');
    await telemetry.flush();

    expect(page).toBe('page');
    expect(to.sent).toEqual([]);
  });
});

test('metrics add up by their dimensions; durations are counted with their sum', async () => {
  const { telemetry, to } = telling();

  telemetry.record('messages_exported', 3, { tenant: 'acme' });
  telemetry.record('messages_exported', 4, { tenant: 'acme' });
  telemetry.record('messages_exported', 5, { tenant: 'beta' });
  telemetry.record('export_duration_seconds', 12.5, { tenant: 'acme' });
  await telemetry.flush();
  telemetry.record('messages_exported', 1, { tenant: 'acme' });
  await telemetry.flush();

  expect(to.points.filter(({ name }) => name === 'messages_exported')).toEqual([
    { name: 'messages_exported', value: 7, attributes: { tenant: 'acme' } },
    { name: 'messages_exported', value: 5, attributes: { tenant: 'beta' } },
    { name: 'messages_exported', value: 1, attributes: { tenant: 'acme' } },
  ]);
  expect(to.points.find(({ name }) => name === 'export_duration_seconds')?.value).toMatchObject({
    sum: 12.5,
    count: 1,
  });
});

test('a request is told with the place that others were given for it', async () => {
  const { telemetry, to } = telling();
  const parent = newTraceParent();
  const own = newTraceParent(parent);
  const times = { startMs: Date.parse('2025-08-12T17:00:00Z'), endMs: Date.parse('2025-08-12T17:00:04Z') };

  telemetry.request({ name: 'timer', traceParent: own, parent, ...times, dimensions: {}, problem: 'It failed.' });
  telemetry.request({ name: 'first', traceParent: newTraceParent(), ...times, dimensions: { trigger: 'http' } });
  telemetry.request({ name: 'nowhere', traceParent: 'nonsense', ...times, dimensions: {} });
  await telemetry.flush();

  expect(to.sent.map(({ name }) => name)).toEqual(['timer', 'first']);
  expect(to.span('timer')).toMatchObject({ kind: SpanKind.SERVER, duration: [4, 0], status: { code: 2 } });
  expect(to.span('timer').spanContext()).toMatchObject(parseTraceParent(own) ?? {});
  expect(to.span('timer').parentSpanContext).toMatchObject(parseTraceParent(parent) ?? {});
  expect(to.span('first').parentSpanContext).toBeUndefined();
});

test('no secret is in anything that is told', async () => {
  const secret = 'a-secret-that-nobody-may-see';
  const { telemetry, to } = telling({ secrets: [secret] });
  const error = new BatchError(`Wrong key ${secret}.`, { code: 'access_denied', kind: 'configuration' });

  await telemetry
    .span(`span ${secret}`, { what: secret, api_key: 'named like one' }, async (span) => {
      span.add({ more: `more ${secret}` });
      throw error;
    })
    .catch(() => {});
  telemetry.record('tenant_failures', 1, { tenant: secret });
  const trace = { traceParent: newTraceParent(), startMs: 0, endMs: 1 };
  telemetry.request({ name: `request ${secret}`, ...trace, dimensions: { secret }, problem: `problem ${secret}` });
  await telemetry.flush();

  const told = JSON.stringify([
    to.sent.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    to.points,
  ]);
  expect(told).not.toContain(secret);
  expect(told).not.toContain('named like one');
  expect(told.split('***').length).toBeGreaterThan(8);
});

test('of the successful spans a share is told, and everything that failed', async () => {
  const { telemetry, to, lost } = telling({ sampling: 0 });

  await telemetry.span('good', {}, async () => telemetry.write(line('A line.')));
  await telemetry.span('bad', {}, async (span) => span.failed({ code: 'x', kind: 'permanent', message: 'It failed.' }));
  telemetry.record('day_sealed', 1, {});
  await telemetry.flush();

  expect(to.sent.map(({ name }) => name)).toEqual(['bad']);
  expect(to.lines).toHaveLength(1);
  expect(to.points).toHaveLength(1);
  expect(lost).toEqual([]);
});
