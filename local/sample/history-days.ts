import type { DayRecord } from '../../shared/history/day-record';
import { batchPartition, DAY_PREFIX } from '../../shared/history/keys';
import { datasetFolder, manifestKey } from '../../shared/messages/output-paths';
import { QUARANTINE_REASONS, type QuarantineReason } from '../../shared/messages/quarantine-reason';
import type { MetadataItem } from '../../shared/ports/metadata-store';
import type { DayCourse } from './history-courses';
import { dateOf, EXPORT_HOUR, type HistoryPlan, instantOf, type PlannedTenant } from './history-tenants';
import { Random } from './random';

/** From Sunday on. */
const WEEKDAYS = [0.38, 1.02, 1.08, 1.1, 1.06, 0.97, 0.45];
const DAILY_GROWTH = 0.0012;
const SHARD_MESSAGES = 50_000;
/** Writers that send something wrong do so for some days in a row. */
const EPISODE_DAYS = 6;
const NEW_FIELDS = ['client_version', 'locale', 'reply_to', 'sentiment', 'trace_id'];

/** A day's record, as its last change left it. */
export function dayRecord(plan: HistoryPlan, tenant: PlannedTenant, day: number, course: DayCourse): DayRecord {
  const names = { tenant: tenant.id, date: dateOf(day) };
  const failed = failureOf(course);
  if (course.publishedOn === undefined) {
    const at = failed.last_failure?.at ?? '';
    return { ...names, status: 'failed', message_count: 0, output_path: '', processed_at: at, ...failed };
  }
  const random = new Random(`${plan.seed}/day/${tenant.id}/${day}`);
  const episode = episodeOf(plan, tenant, day);
  const proof = proofOf(plan, tenant, day, episode, random);
  return {
    ...names,
    status: 'completed',
    message_count: proof.exported,
    output_path: datasetFolder(tenant.id, 'messages', names.date),
    manifest: manifestKey(tenant.id, names.date),
    manifest_sha256: random.hex(64),
    time_zone: tenant.timeZone,
    proof,
    input_digest: random.hex(64),
    input_sum: random.hex(64),
    objects: proof.listed - proof.outside,
    unnamed_rooms: 0,
    notices: noticesOf(plan, tenant, day, proof, episode, random),
    ...partsOf(proof.exported, random),
    ...courseOfRun(plan, course, proof.exported, random),
    ...(course.lastFailedOn !== undefined && course.lastFailedOn > course.publishedOn ? failed : {}),
  };
}

export function dayItem({ tenant, date, ...record }: DayRecord): MetadataItem {
  return { PK: batchPartition(tenant), SK: `${DAY_PREFIX}${date}`, batch_type: 'daily_message_parquet', ...record };
}

type Proof = NonNullable<DayRecord['proof']>;

function proofOf(
  plan: HistoryPlan,
  tenant: PlannedTenant,
  day: number,
  episode: Episode | undefined,
  random: Random,
): Proof {
  const weekday = WEEKDAYS[(day + 4) % 7] ?? 1;
  const growth = 1 + DAILY_GROWTH * (day - plan.from);
  const campaign = random.weighted([1, 150]) === 0 ? 2.2 : 1;
  const noise = random.integer(880, 1120) / 1000;
  const sent = Math.round(tenant.ordinary * weekday * growth * campaign * noise);
  const quarantined = Math.min(sent, Math.round(sent * (episode?.share ?? 0) + random.weighted([9, 2, 1])));
  const duplicates = Math.min(sent - quarantined, random.integer(0, Math.ceil(sent / 900)));
  const outside = Math.round((sent * random.integer(850, 1100)) / 1000);
  const exported = sent - quarantined - duplicates;
  return { listed: outside + sent, outside, exported, duplicates, quarantined };
}

/** What is wrong with a tenant's messages for some days: why, and which share of them is kept out. */
interface Episode {
  readonly reason: QuarantineReason;
  readonly share: number;
}

function episodeOf({ seed }: HistoryPlan, { id }: PlannedTenant, day: number): Episode | undefined {
  const random = new Random(`${seed}/episode/${id}/${Math.floor(day / EPISODE_DAYS)}`);
  if (random.weighted([1, 14]) !== 0) return undefined;
  return { reason: random.pick(QUARANTINE_REASONS), share: random.integer(5, 60) / 1000 };
}

function noticesOf(
  plan: HistoryPlan,
  tenant: PlannedTenant,
  day: number,
  { exported, quarantined }: Proof,
  episode: Episode | undefined,
  random: Random,
): NonNullable<DayRecord['notices']> {
  const reason = episode?.reason ?? random.pick(QUARANTINE_REASONS);
  const field = driftOf(plan, tenant, day);
  const drifting = field === undefined ? 0 : Math.ceil((exported * random.integer(200, 900)) / 1000);
  const since = instantOf(day - 1 + tenant.lag, EXPORT_HOUR, random.integer(0, 3_600));
  return {
    quarantine: quarantined === 0 ? {} : { [reason]: quarantined },
    drift: field === undefined || drifting === 0 ? {} : { [field]: drifting },
    ...(field === undefined || drifting === 0 ? {} : { driftFirstSeen: { [field]: since } }),
    driftUnnamed: 0,
    clockSkew: random.weighted([20, 1]) * random.integer(1, 12),
    replacedSurrogates: random.weighted([40, 1]),
    late: 0,
  };
}

/** A field that the tenant's writers send and no contract knows, for weeks on end. */
function driftOf({ seed }: HistoryPlan, { id }: PlannedTenant, day: number): string | undefined {
  const random = new Random(`${seed}/drift/${id}/${Math.floor(day / 28)}`);
  return random.weighted([1, 5]) === 0 ? random.pick(NEW_FIELDS) : undefined;
}

function partsOf(exported: number, random: Random): Pick<DayRecord, 'parts' | 'bytes'> {
  if (exported === 0) return { parts: 0, bytes: 0 };
  const shards = Math.ceil(exported / SHARD_MESSAGES);
  return { parts: 3 * shards + 1, bytes: exported * random.integer(58, 74) + shards * random.integer(9_000, 14_000) };
}

/** How the run went that made the day what it is, and what was before. */
function courseOfRun(
  plan: HistoryPlan,
  { publishedOn = 0, revisedOn }: DayCourse,
  exported: number,
  random: Random,
): Partial<DayRecord> & Pick<DayRecord, 'processed_at'> {
  const seconds = (20 + exported / 85 + random.integer(0, 80)) / 10;
  const queued = random.integer(0, 10 * plan.tenants.length) / 10;
  const at = (share: number) => instantOf(revisedOn ?? publishedOn, EXPORT_HOUR, queued + seconds * share);
  const late = Math.min(exported, random.integer(1, 40));
  const first = revisedOn === undefined ? at(1) : instantOf(publishedOn, EXPORT_HOUR, queued + seconds);
  return {
    run: `export-${dateOf(revisedOn ?? publishedOn)}`,
    seconds: Math.round(seconds * 10) / 10,
    stages: [
      { stage: 'plan', begun_at: at(0), ended_at: at(0.15) },
      { stage: 'collect', begun_at: at(0.15), ended_at: at(0.85) },
      { stage: 'publish', begun_at: at(0.85) },
    ],
    processed_at: at(1),
    first_published_at: first,
    ...(revisedOn === undefined
      ? {}
      : {
          revisions: 1,
          late_messages: late,
          last_revision: { at: at(1), exported: late, duplicates: 0, quarantined: 0 },
        }),
  };
}

function failureOf({ failure, lastFailedOn }: DayCourse): Pick<DayRecord, 'last_failure'> {
  if (failure === undefined || lastFailedOn === undefined) return {};
  return { last_failure: { ...failure, at: instantOf(lastFailedOn, EXPORT_HOUR, 95) } };
}
