import type { LogRecord } from '../logging/log';
import type { Masker } from '../logging/masking';
import type { TextSink } from '../logging/writers';
import type { Telemetry } from '../ports/telemetry';
import type { TelemetrySettings } from '../settings';
import { bothTelemetries } from './both-telemetries';
import { cloudWatch } from './cloudwatch';
import type { Destination } from './destination';
import { noTelemetry } from './no-telemetry';
import type { OpenTelemetry } from './open-telemetry';

export interface TelemetryOptions {
  readonly settings: TelemetrySettings;
  readonly masker: Masker;
  /** Where telemetry goes as lines, if it is to. */
  readonly sink: TextSink;
  /** Whether the sink is CloudWatch's: then the log goes there by way of telemetry, and metrics do too. */
  readonly cloudWatch?: boolean;
  /** See OpenTelemetryOptions. */
  readonly onLoss: (lost: number) => void;
}

/** Telemetry that the log goes to as well. */
export interface LoggedTelemetry extends Telemetry {
  /** A line of the log, its secrets masked. */
  write(record: LogRecord): void;
}

/** Telemetry by its settings. Nothing of OpenTelemetry is loaded before there is something to tell, and nothing at all where nobody listens. */
export function createTelemetry(options: TelemetryOptions): LoggedTelemetry {
  const sent = sentTelemetry(options);
  if (options.cloudWatch !== true) return sent ?? { ...noTelemetry, write: () => undefined };
  const lines = cloudWatch(options);
  return sent === undefined ? lines : bothTelemetries(lines, sent);
}

/** What OpenTelemetry sends; undefined where nobody listens. */
function sentTelemetry(options: TelemetryOptions): LoggedTelemetry | undefined {
  const { applicationInsights, otlp, console } = options.settings;
  if (applicationInsights === undefined && otlp === undefined && !console) return undefined;
  let loaded: OpenTelemetry | undefined;
  const telemetry = () => {
    loaded ??= load(options);
    return loaded;
  };
  return {
    span: (...args) => telemetry().span(...args),
    call: (call, make) => (loaded === undefined ? make() : loaded.call(call, make)),
    record: (...args) => telemetry().record(...args),
    request: (request) => telemetry().request(request),
    write: (record) => telemetry().write(record),
    flush: async () => loaded?.flush(),
  };
}

function load(options: TelemetryOptions): OpenTelemetry {
  const { OpenTelemetry } = require('./open-telemetry') as typeof import('./open-telemetry');
  const { settings, masker, onLoss } = options;
  return new OpenTelemetry({ destinations: destinationsOf(options), sampling: settings.sampling, masker, onLoss });
}

function destinationsOf({ settings, sink }: TelemetryOptions): Destination[] {
  const { applicationInsights, otlp: endpoint, console, sampling } = settings;
  const destinations: Destination[] = [];
  if (applicationInsights !== undefined) {
    const { azureMonitor } = require('./azure-monitor') as typeof import('./azure-monitor');
    const { connectionString, identity } = applicationInsights;
    destinations.push(azureMonitor({ connectionString: connectionString.reveal(), identity, sampling }));
  }
  if (endpoint !== undefined) {
    const { otlp } = require('./otlp') as typeof import('./otlp');
    destinations.push(otlp(endpoint));
  }
  if (console) {
    const { consoleLines } = require('./console-lines') as typeof import('./console-lines');
    destinations.push(consoleLines(sink));
  }
  return destinations;
}
