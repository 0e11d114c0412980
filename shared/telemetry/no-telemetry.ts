import type { Telemetry, TelemetrySpan } from '../ports/telemetry';

const NO_SPAN: TelemetrySpan = { add: () => undefined, failed: () => undefined };

/** Where nobody listens. */
export const noTelemetry: Telemetry = {
  span: (_name, _dimensions, work) => work(NO_SPAN),
  call: (_call, make) => make(),
  record: () => undefined,
  request: () => undefined,
  flush: async () => undefined,
};
