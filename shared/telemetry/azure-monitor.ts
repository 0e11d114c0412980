import { AsyncLocalStorage } from 'node:async_hooks';
import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { DefaultAzureCredential } from '@azure/identity';
import type { AzureMonitorExporterOptions } from '@azure/monitor-opentelemetry-exporter';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { setForLibraries } from '../process-settings';
import { readPairs } from '../settings/telemetry-readers';
import type { ApplicationInsightsIdentity } from '../settings/types';
import type { Destination } from './destination';
import { EXPORT_TIMEOUT_MS, type Exporting, type Send, through } from './outlet';

export interface AzureMonitorOptions {
  readonly connectionString: string;
  /** Where the resource takes telemetry from an identity only. */
  readonly identity?: ApplicationInsightsIdentity | undefined;
  /** The share of successful spans that were kept, so that counts can be made up for the others. */
  readonly sampling: number;
}

/**
 * The exporter's own telemetry goes to its makers, to endpoints that no network rule here knows, and tells nothing of the batch:
 * `APPLICATION_INSIGHTS_NO_STATSBEAT` is the only name that turns all of it off (export/base.js of the exporter). The other one keeps
 * a metric of the resource out of every export.
 */
const QUIET = {
  APPLICATION_INSIGHTS_NO_STATSBEAT: 'true',
  APPLICATIONINSIGHTS_OPENTELEMETRY_RESOURCE_METRIC_DISABLED: 'true',
} as const;

/** An Application Insights resource. The exporter is loaded when there is something to send: that alone takes a quarter of a second. */
export function azureMonitor(options: AzureMonitorOptions): Destination {
  let loaded: typeof import('@azure/monitor-opentelemetry-exporter') | undefined;
  const load = () => {
    setForLibraries(QUIET);
    loaded ??=
      require('@azure/monitor-opentelemetry-exporter') as typeof import('@azure/monitor-opentelemetry-exporter');
    return loaded;
  };
  const settings = exporterOptions(options);
  const spans = observed<ReadableSpan[]>(() => new (load().AzureMonitorTraceExporter)(settings));
  return {
    spans: (items, count) =>
      spans(
        items.map((span) => asApplicationInsightsHasIt(span, options.sampling)),
        count,
      ),
    logs: observed(() => new (load().AzureMonitorLogExporter)(settings)),
    metrics: observed(() => new (load().AzureMonitorMetricExporter)(settings)),
    gatherMs: 5_000,
  };
}

function exporterOptions({ connectionString, identity }: AzureMonitorOptions): AzureMonitorExporterOptions {
  const endpoint = readPairs(connectionString)?.get('ingestionendpoint') ?? '';
  // The exporter reads every endpoint as https. Settings let no other through, but for one on this machine.
  const plain = endpoint.startsWith('http://')
    ? { host: endpoint.replace(/\/$/, ''), allowInsecureConnection: true }
    : {};
  return {
    connectionString,
    disableOfflineStorage: true,
    retryOptions: { maxRetries: 1, retryDelayInMs: 200, maxRetryDelayInMs: 1_000 },
    additionalPolicies: [{ policy: watchAnswers, position: 'perCall' }],
    ...plain,
    ...(identity === undefined ? {} : { credential: credentialOf(identity) }),
  };
}

function credentialOf({ clientId }: ApplicationInsightsIdentity): DefaultAzureCredential {
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}

interface Answer {
  arrived: number | undefined;
}

const answers = new AsyncLocalStorage<Answer>();

/** The exporter reports success for what it drops when it has no disk to keep it on: what arrived, only the answer tells. */
const watchAnswers: PipelinePolicy = {
  name: 'watchAnswers',
  async sendRequest(request, next) {
    request.timeout = EXPORT_TIMEOUT_MS;
    const response = await next(request);
    const answer = answers.getStore();
    if (answer !== undefined && (response.status === 200 || response.status === 206)) {
      answer.arrived = acceptedOf(response.bodyAsText);
    }
    return response;
  },
};

/** Of the answer `{itemsReceived, itemsAccepted, errors}`; all, where it says nothing. */
function acceptedOf(body: string | null | undefined): number {
  const accepted = /"itemsAccepted"\s*:\s*(\d+)/.exec(body ?? '')?.[1];
  return accepted === undefined ? Number.POSITIVE_INFINITY : Number(accepted);
}

function observed<Items>(make: () => Pick<Exporting<Items>, 'export'>): Send<Items> {
  let exporter: Send<Items> | undefined;
  return async (items, count) => {
    exporter ??= through(make());
    const answer: Answer = { arrived: undefined };
    const send = exporter;
    await answers.run(answer, () => send(items, count));
    if (answer.arrived === undefined) throw new Error('Application Insights did not take the telemetry.');
    // A span with an exception is two items there, so that more may be accepted than were spans.
    return Math.min(count, answer.arrived);
  };
}

/** What Application Insights calls the services (its names of dependency types, by which it shows them). */
const TYPES: Readonly<Record<string, string>> = {
  blob: 'Azure blob',
  cosmos: 'Azure DocumentDB',
  postgresql: 'postgresql',
  youtube: 'YouTube Data API',
};

/** The attributes by which the exporter finds a dependency's type and command, and the weight of a span that stands for others. */
function asApplicationInsightsHasIt(span: ReadableSpan, sampling: number): ReadableSpan {
  const { system, operation } = span.attributes;
  const type = typeof system === 'string' ? TYPES[system] : undefined;
  const isWeighted = sampling < 1 && span.status.code !== 2;
  const attributes = {
    ...span.attributes,
    ...(type === undefined ? {} : { 'db.system': type, 'db.operation': operation }),
    ...(isWeighted ? { 'microsoft.sample_rate': sampling * 100 } : {}),
  };
  return Object.create(span, { attributes: { value: attributes, enumerable: true } }) as ReadableSpan;
}
