import type { Failure } from '../../shared/errors';
import { runItem } from '../../shared/history/write-run';
import type { MetadataItem } from '../../shared/ports/metadata-store';
import { QUOTA_PARTITION, QUOTA_PREFIX } from '../../shared/youtube/quota-day-store';
import { csvFolder } from '../../shared/youtube/sync-paths';
import { type ChannelOutcome, type SyncOutcome, syncItem } from '../../shared/youtube/sync-record';
import { syncRun } from '../../shared/youtube/sync-run';
import { dateOf, type HistoryPlan, instantOf, type PlannedTenant, SYNC_HOUR } from './history-tenants';
import { Random } from './random';

const DAILY_QUOTA = 10_000;
const VIDEOS_A_REQUEST = 50;
const NO_NOTICES = { atListLimit: false, rereads: 0, replacedCharacters: 0, resumed: false };

/** What the sync leaves behind that begins on a UTC day, at the midnight of Tokyo's next one: a record a tenant that has channels, the run's own, and the day of the quota. */
export function* syncDay(plan: HistoryPlan, day: number): Generator<MetadataItem> {
  const tenants = plan.tenants.filter((tenant) => (tenant.channels ?? []).length > 0 && tenant.sinceDay <= day + 1);
  if (tenants.length === 0) return;
  const spent = new Random(`${plan.seed}/quota/${day}`).weighted([1, 120]) === 0;
  const outcomes: SyncOutcome[] = [];
  const failures: Failure[] = [];
  for (const [i, tenant] of tenants.entries()) {
    const startedAt = instantOf(day, SYNC_HOUR, 1 + 2 * i);
    const { run, date } = syncRun(startedAt, tenant.timeZone);
    const outcome = outcomeOf(plan, tenant, day, run, spent && i >= tenants.length / 2);
    outcomes.push(outcome);
    if (outcome.failure !== undefined) failures.push({ tenant: tenant.id, ...outcome.failure });
    yield syncItem({ tenant: tenant.id, run, date, outcome }, Date.parse(startedAt) + 21_000 + outcome.quotaUnits * 90);
  }
  const units = outcomes.reduce((sum, { quotaUnits }) => sum + quotaUnits, 0);
  yield summary(day, outcomes, failures, units);
  yield quotaItem(plan, day, units, spent);
}

function summary(day: number, outcomes: readonly SyncOutcome[], failures: readonly Failure[], quotaUnits: number) {
  const completed = outcomes.length - failures.length;
  return runItem({
    run: `youtube-${dateOf(day + 1)}`,
    job: 'youtube',
    date: dateOf(day + 1),
    status: failures.length === 0 ? 'completed' : completed > 0 ? 'partial' : 'failed',
    started_at: instantOf(day, SYNC_HOUR, 0.4),
    ended_at: instantOf(day, SYNC_HOUR, 30 + 2 * outcomes.length + quotaUnits / 10),
    requested_by: 'schedule',
    tenants: { completed, failed: failures.length },
    figures: { videos: outcomes.reduce((sum, { loaded }) => sum + (loaded?.videos ?? 0), 0), quotaUnits },
    caught_up: 0,
    late_days: 0,
    failures,
  });
}

function outcomeOf(
  plan: HistoryPlan,
  tenant: PlannedTenant,
  day: number,
  run: string,
  withoutQuota: boolean,
): SyncOutcome {
  const random = new Random(`${plan.seed}/sync/${tenant.id}/${day}`);
  const channels = (tenant.channels ?? []).map((name) => channelOn(plan, tenant, name, day));
  if (withoutQuota) return stopped(channels, day);
  const units = channels.reduce((sum, channel) => sum + channel.units, 0);
  if (random.weighted([1, 150]) === 0) {
    return { status: 'failed', failure: { ...DATABASE_AWAY, tenant: tenant.id }, channels: [], quotaUnits: units };
  }
  const videos = channels.reduce((sum, channel) => sum + channel.videos, 0);
  const streams = channels.reduce((sum, channel) => sum + channel.streams, 0);
  return {
    status: 'completed',
    channels: channels.map(outcomeOfChannel),
    loaded: {
      channels: channels.length,
      videos,
      streams,
      removed: random.weighted([30, 1]) * random.integer(1, 3),
      rowsWritten: videos + random.integer(0, 12),
      csv: csvFolder(tenant.id, run),
      replacedCharacters: 0,
    },
    quotaUnits: units,
  };
}

interface ChannelOnDay {
  readonly name: string;
  readonly channelId: string;
  readonly videos: number;
  readonly streams: number;
  readonly units: number;
}

/** A channel that uploads at a pace of its own. */
function channelOn({ seed, from }: HistoryPlan, { id }: PlannedTenant, name: string, day: number): ChannelOnDay {
  const random = new Random(`${seed}/channel/${id}/${name}`);
  const before = random.integer(30, 900);
  const pace = random.integer(15, 130) / 100;
  const videos = before + Math.floor((day - from) * pace);
  const units = 1 + 2 * Math.ceil(videos / VIDEOS_A_REQUEST);
  return {
    name,
    channelId: `UC${random.hex(22)}`,
    videos,
    streams: Math.floor((videos * random.integer(5, 50)) / 100),
    units,
  };
}

function outcomeOfChannel({ name, channelId, videos, units }: ChannelOnDay): ChannelOutcome {
  return { name, channelId, videos, units, notices: NO_NOTICES };
}

/** The units of the day were gone half-way through the first channel; what was read of it is kept. */
function stopped(channels: readonly ChannelOnDay[], day: number): SyncOutcome {
  const [first] = channels;
  const failure = {
    kind: 'quota',
    code: 'youtube_quota_exceeded',
    message: 'The quota of the API key is exceeded, says the YouTube Data API.',
    stage: 'fetch',
  } as const;
  const reading = {
    listed: first?.videos ?? 0,
    read: Math.floor((first?.videos ?? 0) / 2),
    // Midnight in the Pacific zone, but for summer time.
    resetsAt: instantOf(day + 1, 8),
  };
  const outcomes = channels.map(({ name, channelId }, i) => ({
    name,
    channelId,
    failure,
    ...(i === 0 ? { stopped: reading } : {}),
  }));
  return { status: 'failed', failure, channels: outcomes, quotaUnits: Math.ceil((first?.units ?? 0) / 2) };
}

/** The sync begins in the Pacific morning, so that day and date are the same there. */
function quotaItem({ seed }: HistoryPlan, day: number, units: number, isSpent: boolean): MetadataItem {
  return {
    PK: QUOTA_PARTITION,
    SK: `${QUOTA_PREFIX}${new Random(`${seed}/key`).hex(16)}#${dateOf(day)}`,
    limit: DAILY_QUOTA,
    // Where it was all gone, somebody else had used the same key.
    spent: isSpent ? DAILY_QUOTA : Math.min(DAILY_QUOTA, units),
    reservations: {},
    ...(isSpent ? { exhausted_at: instantOf(day, SYNC_HOUR, 40) } : {}),
  };
}

const DATABASE_AWAY: Failure = {
  kind: 'transient',
  code: 'database_unavailable',
  message: 'The database did not answer, at each of 8 tries.',
  stage: 'load',
};
