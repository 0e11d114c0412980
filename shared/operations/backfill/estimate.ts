import type { BatchPlatform } from '../../batch/batch-platform';
import { exportContext } from '../../batch/export-steps';
import { BatchError } from '../../errors';
import { draftPlan } from '../../messages/draft-plan';
import { countRooms } from '../../messages/plan';
import { previewDay } from '../../messages/preview';
import { readPublishedDay } from '../../messages/published-day';
import { type DayCost, dayCost } from '../day-cost';
import type { BackfillWork, KnownDay, TenantWork } from './backfill-work';

/** Tenants that are looked at, one day of each, in metadata; where nothing is known of its messages, these are listed too. */
const LOOKED_AT = 5;

/** Listings that a process makes in a second: the requests of the bench `export` with 20 ms of latency, see docs/benchmarks.md. */
const LISTINGS_A_SECOND = 4_000;

/** Where the days are run: in this process, or by an orchestrator whose days side by side are on instances of their own. */
export type Engine = 'inline' | 'orchestrator';

/** What a backfill will come to, roughly. */
export interface BackfillEstimate {
  readonly messages: number;
  /** To storage. */
  readonly requests: number;
  /** From the start to the end, with so many days at a time. */
  readonly seconds: number;
  /** At the example prices of docs/cost.md or docs/aws.md. `compute` is 0 in a process of one's own. */
  readonly usd: number;
  readonly parts: DayCost['parts'];
  /** Tenants by what the number of their messages is from: records of their days, a look at one day, or the mean of the other tenants. */
  readonly from: { readonly records: number; readonly look: number; readonly others: number };
}

/** What one day of a tenant is like. */
interface TypicalDay {
  readonly messages: number;
  /** Where days near the range were timed. */
  readonly seconds?: number;
}

/** Rooms of one day of a tenant. The older the day, the more rooms were touched since, and each of them has to be listed. */
interface SeenRooms {
  readonly rooms: number;
  readonly knownRooms: number;
}

/**
 * Estimates a backfill before it begins, and changes nothing. A tenant's days are taken to be like its published ones near the range; where it
 * has none, like the one in the middle of those to be done, which is listed.
 */
export async function estimateBackfill(
  platform: BatchPlatform,
  work: BackfillWork,
  { engine, concurrency }: { readonly engine: Engine; readonly concurrency: number },
): Promise<BackfillEstimate> {
  const tenants = work.tenants.filter(({ days }) => days.length > 0);
  const typical = new Map(
    tenants.flatMap(({ tenant, known }) => (known.length > 0 ? [[tenant, typicalDay(known)]] : [])),
  );
  const records = typical.size;
  const seen = await look(platform, tenants, typical);
  const others = { messages: mean([...typical.values()].map(({ messages }) => messages)) };
  const roomsPerMessage = ratioOf(seen, typical);

  const { cloud, tenantConcurrency } = platform.settings;
  const totals = { messages: 0, requests: 0, seconds: 0, compute: 0, storage: 0, metadata: 0 };
  for (const { tenant, days } of tenants) {
    const day: TypicalDay = typical.get(tenant) ?? others;
    const { rooms = roomsPerMessage && roomsPerMessage * day.messages, knownRooms } = seen.get(tenant) ?? {};
    const { parts, seconds, requests } = dayCost(cloud.kind, { messages: day.messages, rooms, knownRooms });
    totals.messages += days.length * day.messages;
    totals.requests += days.length * requests;
    totals.seconds += days.length * ((day.seconds ?? seconds) + (rooms ?? 0) / LISTINGS_A_SECOND);
    totals.compute += engine === 'inline' ? 0 : days.length * parts.compute;
    totals.storage += days.length * parts.storage;
    totals.metadata += days.length * parts.metadata;
  }
  const { messages, requests, seconds, compute, storage, metadata } = totals;
  const sideBySide = Math.min(tenantConcurrency, tenants.length) * (engine === 'inline' ? 1 : concurrency);
  return {
    messages: Math.round(messages),
    requests: Math.round(requests),
    seconds: Math.ceil(seconds / Math.max(1, sideBySide)),
    usd: compute + storage + metadata,
    parts: { compute, storage, metadata },
    from: { records, look: typical.size - records, others: tenants.length - typical.size },
  };
}

/** The mean of the days; their time is that of the timed ones, taken to be in proportion to messages. */
function typicalDay(known: readonly KnownDay[]): TypicalDay {
  const messages = mean(known.map((day) => day.messages));
  const timed = known.filter(({ seconds }) => seconds !== undefined);
  if (timed.length === 0) return { messages };
  const seconds = mean(timed.map((day) => day.seconds ?? 0));
  const timedMessages = mean(timed.map((day) => day.messages));
  return { messages, seconds: timedMessages === 0 ? seconds : (seconds * messages) / timedMessages };
}

/**
 * Looks at some tenants: first those of which nothing is known, then those with most to do. What is found of messages is added to `typical`.
 *
 * @returns rooms, by tenant
 */
async function look(
  platform: BatchPlatform,
  tenants: readonly TenantWork[],
  typical: Map<string, TypicalDay>,
): Promise<ReadonlyMap<string, SeenRooms>> {
  const messagesToDo = ({ tenant, days }: TenantWork) =>
    days.length * (typical.get(tenant)?.messages ?? Number.POSITIVE_INFINITY);
  const ordered = [...tenants].sort((a, b) => compared(messagesToDo(b), messagesToDo(a)));
  const seen = new Map<string, SeenRooms>();
  for (const work of ordered.slice(0, LOOKED_AT)) {
    const found = await lookAt(platform, work, typical.has(work.tenant));
    if (found === undefined) continue;
    seen.set(work.tenant, found);
    if (found.messages !== undefined) typical.set(work.tenant, { messages: found.messages });
  }
  return seen;
}

/** Undefined where the day cannot be looked at: the run will tell why. */
async function lookAt(
  platform: BatchPlatform,
  { tenant, timeZone, days }: TenantWork,
  isKnown: boolean,
): Promise<(SeenRooms & { readonly messages?: number }) | undefined> {
  const date = days[Math.floor(days.length / 2)] ?? '';
  try {
    const day = exportContext(platform, { tenant, timeZone, date }, 'plan');
    // What the audit finds is for the run to find.
    const context = { ...day, options: { ...day.options, auditShare: 0 } };
    if (isKnown) {
      const { rooms, untouched } = await draftPlan(context, await readPublishedDay(context.analytics, tenant, date));
      return seenRooms(countRooms(rooms, untouched));
    }
    const { toRead, rooms } = await previewDay(context);
    return { ...seenRooms(rooms), messages: toRead };
  } catch (error) {
    if (!(error instanceof BatchError)) throw error;
    const dimensions = { tenant, date, stage: 'backfill', error_code: error.code };
    platform.log.warn(`A day could not be looked at: ${error.message}`, dimensions);
    return undefined;
  }
}

function seenRooms({ planned, untouched }: { readonly planned: number; readonly untouched: number }): SeenRooms {
  return { rooms: planned, knownRooms: planned + untouched };
}

/** Rooms to be listed for each message, of the tenants that were looked at; undefined where nothing can be told. */
function ratioOf(seen: ReadonlyMap<string, SeenRooms>, typical: ReadonlyMap<string, TypicalDay>): number | undefined {
  const rooms = [...seen.values()].reduce((sum, each) => sum + each.rooms, 0);
  const messages = [...seen.keys()].reduce((sum, tenant) => sum + (typical.get(tenant)?.messages ?? 0), 0);
  return messages === 0 ? undefined : rooms / messages;
}

/** Also of infinities, whose difference is no number. */
function compared(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
