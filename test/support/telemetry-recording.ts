import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Envelope } from './ingestion-endpoint';

/** The names of custom dimensions, sorted, by the name of what carries them. */
export type DimensionNames = Readonly<Record<string, readonly string[]>>;

/**
 * What the e2e run of the app sends to Application Insights, by table and without values: what a query may name. The items of one name
 * need not all carry every dimension that is listed.
 */
export interface TelemetryRecording {
  readonly requests: DimensionNames;
  readonly dependencies: DimensionNames;
  /** By the sentence of the log line; those that tell a failure, whose sentences vary, together as `*`. */
  readonly traces: DimensionNames;
  /** By the error's type. */
  readonly exceptions: DimensionNames;
  readonly customMetrics: DimensionNames;
}

export const RECORDING = join(__dirname, '..', 'data', 'telemetry', 'recorded.json');

/** Lines that a run may or may not have, as the machine and its services are just then. */
const BY_CHANCE: readonly RegExp[] = [
  /^A call is tried again\./,
  /^A connection to the database was lost/,
  /^Telemetry /,
];

export function loadTelemetryRecording(): TelemetryRecording {
  return JSON.parse(readFileSync(RECORDING, 'utf8')) as TelemetryRecording;
}

export function writeTelemetryRecording(recording: TelemetryRecording): void {
  writeFileSync(RECORDING, `${JSON.stringify(recording, null, 2)}\n`);
}

export function recordingOf(envelopes: readonly Envelope[]): TelemetryRecording {
  const names = (baseType: string, nameOf: (envelope: Envelope) => string | undefined) =>
    dimensionNames(
      envelopes.filter(({ data }) => data.baseType === baseType),
      nameOf,
    );
  return {
    requests: names('RequestData', ({ data }) => data.baseData.name),
    dependencies: names('RemoteDependencyData', ({ data }) => data.baseData.name),
    traces: names('MessageData', sentenceOf),
    exceptions: names('ExceptionData', ({ data }) => data.baseData.exceptions?.[0]?.typeName),
    customMetrics: names('MetricData', ({ data }) => data.baseData.metrics?.[0]?.name),
  };
}

function sentenceOf({ data }: Envelope): string | undefined {
  const { message = '', properties } = data.baseData;
  if (BY_CHANCE.some((sentence) => sentence.test(message))) return undefined;
  return properties.error_code === undefined ? message : '*';
}

function dimensionNames(
  envelopes: readonly Envelope[],
  nameOf: (envelope: Envelope) => string | undefined,
): DimensionNames {
  const found = new Map<string, Set<string>>();
  for (const envelope of envelopes) {
    const name = nameOf(envelope);
    if (name === undefined) continue;
    const dimensions = found.get(name) ?? new Set();
    for (const each of Object.keys(envelope.data.baseData.properties)) dimensions.add(each);
    found.set(name, dimensions);
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, dimensions]) => [name, [...dimensions].sort()]));
}
