import type { LoggedTelemetry } from './create-telemetry';

/** Everything is told to both. */
export function bothTelemetries(first: LoggedTelemetry, second: LoggedTelemetry): LoggedTelemetry {
  return {
    span: (name, dimensions, work, parent) =>
      first.span(
        name,
        dimensions,
        (outer) =>
          second.span(
            name,
            dimensions,
            (inner) =>
              work({
                add: (more) => {
                  outer.add(more);
                  inner.add(more);
                },
                failed: (failure, error) => {
                  outer.failed(failure, error);
                  inner.failed(failure, error);
                },
              }),
            parent,
          ),
        parent,
      ),
    call: (call, make) => first.call(call, () => second.call(call, make)),
    record: (metric, value, dimensions) => {
      first.record(metric, value, dimensions);
      second.record(metric, value, dimensions);
    },
    request: (request) => {
      first.request(request);
      second.request(request);
    },
    write: (record) => {
      first.write(record);
      second.write(record);
    },
    flush: async () => {
      await Promise.all([first.flush(), second.flush()]);
    },
  };
}
