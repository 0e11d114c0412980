import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerError } from '../../../local/youtube/faults';
import type { JobReport } from '../../../shared/batch/report';
import { businessDay, targetDate } from '../../../shared/calendar';
import { messageKeyAt } from '../../support/chat';
import { type HostProcess, startHostProcess } from '../../support/host-process';
import { type Envelope, IngestionEndpoint } from '../../support/ingestion-endpoint';
import { putChat, putObject, registerTenant, type ServiceWorld } from '../../support/service-world';
import { numberedCatalogue } from '../../support/youtube-catalogues';
import { RunsApi } from '../export/runs-api';
import { type SyncServices, startSyncServices } from '../youtube/sync-services';

const ZONE = 'Asia/Tokyo';
const OFFSET = -3;
export const VIDEOS = 55;
export const MESSAGES = 12;

/** A trace that somebody else has begun, who asks for a run. */
export const CALLER = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };

/** What the compiled app sent to Application Insights while it ran, and what it reported. */
export interface TelemetryRun {
  readonly envelopes: readonly Envelope[];
  readonly bodies: readonly string[];
  readonly paths: readonly string[];
  readonly exported: JobReport;
  readonly synced: JobReport;
  /** What must be in nothing that was sent, by what it is. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly instrumentationKey: string;
}

/**
 * Runs the compiled app on the local host, with its telemetry sent to a stand-in: an export and a sync by their timers, in which one
 * tenant is completed, one fails, one is refused and one is switched off; then an export by request, and one of a day that gets a message late.
 */
export async function telemetryRun(): Promise<TelemetryRun> {
  const endpoint = await IngestionEndpoint.start();
  const folder = await mkdtemp(join(tmpdir(), 'makoto-telemetry-'));
  const instrumentationKey = randomUUID();
  const { catalogue, channelId } = numberedCatalogue(VIDEOS);
  const services = await startSyncServices({
    catalogue,
    tenants: { acme: [channelId], broken: ['@nobody'] },
    settings: {
      BUSINESS_TIME_ZONE: ZONE,
      TARGET_DATE_OFFSET: String(OFFSET),
      EXPORT_SHARD_MESSAGES: '1',
      LOG_LEVEL: 'info',
      APPLICATIONINSIGHTS_CONNECTION_STRING: endpoint.connectionString(instrumentationKey),
    },
  });
  try {
    const secrets = secretsOf(services);
    await prepare(services);
    const host = await startHostProcess(join(folder, 'state'), services.settings);
    const exported = await runByTimer(host, 'exportTimer');
    const synced = await runByTimer(host, 'youtubeTimer');
    await runByRequest(host);
    await runWithLateMessage(host, services.world);
    await host.stop();
    const { envelopes, bodies, paths } = endpoint;
    return { envelopes, bodies, paths, exported, synced, secrets, instrumentationKey };
  } finally {
    await services.stop();
    await endpoint.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function secretsOf({ settings, secrets }: SyncServices): Record<string, string> {
  const accountKey = /AccountKey=([^;]+)/.exec(settings.AZURE_STORAGE_CONNECTION_STRING ?? '')?.[1] ?? '';
  return { ...secrets, accountKey, cosmosKey: settings.COSMOS_KEY ?? '' };
}

async function prepare({ world, youtube, secrets }: SyncServices): Promise<void> {
  // Of the next day too, in case it begins meanwhile.
  for (const offset of [OFFSET, OFFSET + 1]) {
    const date = targetDate(Date.now(), ZONE, offset);
    const { start } = businessDay(date, ZONE);
    const at = (minute: number) => new Date(start + minute * 60_000).toISOString();
    for (let number = 0; number < MESSAGES; number++) {
      await putChat(world, 'acme', `user${number % 3}`, 'r', `m${offset}-${number}`, at(number));
    }
    const data = world.platform.dataStore('acme');
    const key = (minute: number, id: string) => messageKeyAt('acme', 'user0', 'r', at(minute), id);
    await putObject(data, key(60, 'bad'), 'no message at all');
    const odd = {
      message_id: 'odd',
      timestamp: at(61),
      role: 'user',
      content: 'text',
      mood: 'unknown to the contract',
    };
    await putObject(data, key(61, 'odd'), JSON.stringify(odd));
    await putObject(world.platform.analyticsStore('broken'), `broken/analytics/_manifests/${date}.json`, 'damaged');
  }
  // Secrets in the wrong places: a setting of a tenant, and what a service answers, end up in messages of errors.
  await registerTenant(world, 'confused', { time_zone: `zone ${secrets.password}` });
  await registerTenant(world, 'off', { enabled: false });
  const message = `The key ${secrets.apiKey} and the password ${secrets.password} are not welcome.`;
  const refusal = { code: 400, message, errors: [{ message, domain: 'youtube', reason: 'invalidValue' }] };
  youtube.switches.add({
    when: ({ query }) => query.get('forHandle')?.includes('nobody') === true,
    fault: answerError(refusal),
  });
}

async function runByTimer(host: HostProcess, timer: string): Promise<JobReport> {
  const before = host.events.filter(isEndOfRun).length;
  await host.request(`/admin/functions/${timer}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
  const ended = await host.event((event) => isEndOfRun(event) && host.events.filter(isEndOfRun).length > before);
  if (ended === undefined || !('instanceId' in ended)) throw new Error(`The run of ${timer} did not end.`);
  const id = host.events.filter(isEndOfRun).at(-1);
  const { body } = await new RunsApi(host).endOf(id !== undefined && 'instanceId' in id ? id.instanceId : '');
  return body.report as JobReport;
}

function isEndOfRun(event: HostProcess['events'][number]): boolean {
  return event.kind === 'instance-completed' && event.name === 'dailyBatch';
}

async function runByRequest(host: HostProcess): Promise<void> {
  const date = '2025-07-01';
  await host.request('/api/runs', {
    method: 'POST',
    headers: { traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-00` },
    body: JSON.stringify({ job: 'export', date, tenants: ['acme'] }),
  });
  await new RunsApi(host).endOf(`export-${date}`);
}

/** A day that is published, and published again with a message that came after. */
async function runWithLateMessage(host: HostProcess, world: ServiceWorld): Promise<void> {
  const date = '2025-07-02';
  const run = async () => {
    await host.request('/api/runs', {
      method: 'POST',
      body: JSON.stringify({ job: 'export', date, tenants: ['acme'] }),
    });
    await new RunsApi(host).endOf(`export-${date}`);
  };
  await run();
  await putChat(world, 'acme', 'late-user', 'r', 'late', `${date}T12:00:00.000Z`);
  await run();
}
