import type { DimensionNames, TelemetryRecording } from '../../support/telemetry-recording';
import { readText, sourcesIn } from '../docs/documents';

/** What is sent, as far as queries may ask for it. */
export interface Emitted {
  /** Of the app and the host, recorded from an e2e run: by table and name, the dimensions. */
  readonly recorded: TelemetryRecording;
  /** What the sources can log: a run does not have every line. */
  readonly sentences: ReadonlySet<string>;
}

/**
 * Dimensions of the lifecycle events of Durable Functions, which the extension on Azure logs and the local host has none of.
 * Source: learn.microsoft.com/azure/azure-functions/durable/durable-functions-diagnostics#tracking-data.
 */
export const OF_DURABLE_FUNCTIONS: ReadonlySet<string> = new Set(
  [
    'hubName',
    'appName',
    'slotName',
    'functionName',
    'functionType',
    'instanceId',
    'state',
    'reason',
    'isReplay',
    'extensionVersion',
    'sequenceNumber',
  ].map((name) => `prop__${name}`),
);

/** The sentences that stand in the sources, as first arguments of a log's methods or as constants. */
export function sentencesOfSources(): Set<string> {
  const texts = sourcesIn('shared', 'functions').map(readText);
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/'([A-Z][^'\n]*\.)'/g)].map(([, sentence = '']) => sentence)),
  );
}

export function namesOf(table: string, { recorded }: Emitted): DimensionNames {
  return Object.entries(recorded).find(([name]) => name === table)?.[1] ?? {};
}
