import type { Message } from './contract';
import type { Notices } from './manifest';
import type { QuarantineReason } from './quarantine-reason';

/** Writers that use values as field names would else fill the manifest with them. */
const MAX_DRIFT_NAMES = 100;
const MAX_NAME_LENGTH = 100;
/**
 * Names in quotes that run records could not hold everywhere: DynamoDB takes no empty one, and programs that copy JSON into plain objects
 * lose `__proto__`, the stand-ins for both metadata stores among them.
 */
const QUOTED_NAMES: ReadonlySet<string> = new Set(['', '__proto__']);

export const NO_NOTICES: Notices = {
  quarantine: {},
  drift: {},
  driftUnnamed: 0,
  clockSkew: 0,
  replacedSurrogates: 0,
  late: 0,
};

/** What of a message there is to be noticed. */
export type NoticedMessage = Pick<Message, 'clockSkew' | 'replacedSurrogates' | 'unknownFields' | 'placedMs'>;

/** Collects {@link Notices} message by message. */
export class NoticeCounter {
  private readonly quarantine = new Map<string, number>();
  private readonly drift = new Map<string, number>();
  /** Epoch ms, by the names of `drift`. */
  private readonly driftSince = new Map<string, number>();
  private driftUnnamed = 0;
  private clockSkew = 0;
  private replacedSurrogates = 0;
  private late = 0;
  private repairs: Repairs = {};

  quarantined(reason: QuarantineReason): void {
    this.quarantine.set(reason, (this.quarantine.get(reason) ?? 0) + 1);
  }

  /** @param late whether only the audit found the message's room */
  exported(message: NoticedMessage, late: boolean): void {
    if (message.clockSkew) this.clockSkew += 1;
    if (message.replacedSurrogates) this.replacedSurrogates += 1;
    if (late) this.late += 1;
    for (const field of message.unknownFields) this.drifted(driftName(field), message.placedMs);
  }

  /** @param stale corrected copies whose originals have changed since, or are gone */
  repaired(repaired: number, stale: number): void {
    this.repairs = whereRepairs(repaired, stale);
  }

  private drifted(name: string, atMs: number): void {
    this.driftUnnamed += countDrift(this.drift, name, 1);
    if (!this.drift.has(name)) return;
    this.driftSince.set(name, Math.min(atMs, this.driftSince.get(name) ?? atMs));
  }

  finish(): Notices {
    const { driftUnnamed, clockSkew, replacedSurrogates, late } = this;
    const firstSeen = [...this.driftSince].map(([name, ms]) => [name, new Date(ms).toISOString()] as const);
    return {
      quarantine: sorted(this.quarantine),
      drift: sorted(this.drift),
      ...whereDrift(new Map(firstSeen)),
      driftUnnamed,
      clockSkew,
      replacedSurrogates,
      late,
      ...this.repairs,
    };
  }
}

export function addNotices(a: Notices, b: Notices): Notices {
  const drift = new Map(Object.entries(a.drift));
  const unnamed = Object.entries(b.drift).reduce((sum, [name, count]) => sum + countDrift(drift, name, count), 0);
  return {
    quarantine: addCounts(a.quarantine, b.quarantine),
    drift: sorted(drift),
    ...whereDrift(earliest(a, b, drift)),
    driftUnnamed: a.driftUnnamed + b.driftUnnamed + unnamed,
    clockSkew: a.clockSkew + b.clockSkew,
    replacedSurrogates: a.replacedSurrogates + b.replacedSurrogates,
    late: a.late + b.late,
    ...whereRepairs(added(a.repaired, b.repaired), added(a.staleRepairs, b.staleRepairs)),
  };
}

type Repairs = Pick<Notices, 'repaired' | 'staleRepairs'>;

/** A day without corrected copies says nothing of them. */
function whereRepairs(repaired: number, staleRepairs: number): Repairs {
  return { ...(repaired > 0 ? { repaired } : {}), ...(staleRepairs > 0 ? { staleRepairs } : {}) };
}

function added(a = 0, b = 0): number {
  return a + b;
}

function driftName(field: string): string {
  if (QUOTED_NAMES.has(field)) return `"${field}"`;
  return field.length > MAX_NAME_LENGTH ? `${field.slice(0, MAX_NAME_LENGTH).toWellFormed()}…` : field;
}

/** Adds to a name's count while there is room for the name. @returns what there was no room for */
function countDrift(drift: Map<string, number>, name: string, count: number): number {
  if (!drift.has(name) && drift.size >= MAX_DRIFT_NAMES) return count;
  drift.set(name, (drift.get(name) ?? 0) + count);
  return 0;
}

/** A day without drift has no such field, as days had none before it was thought of. */
function whereDrift(firstSeen: ReadonlyMap<string, string>): Pick<Notices, 'driftFirstSeen'> {
  return firstSeen.size === 0 ? {} : { driftFirstSeen: sorted(firstSeen) };
}

/**
 * When each named field was first seen. Results that earlier versions saved count drift without saying since when: of a field that one
 * of them has, nobody knows it any more, and no instant is better than a wrong one.
 */
function earliest(a: Notices, b: Notices, names: ReadonlyMap<string, number>): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of names.keys()) {
    const counted = [a, b].filter(({ drift }) => Object.hasOwn(drift, name));
    const instants = counted.map(({ driftFirstSeen }) => ownValue(driftFirstSeen, name));
    const known = instants.filter((instant) => instant !== undefined).sort();
    const [first] = known;
    if (first !== undefined && known.length === instants.length) found.set(name, first);
  }
  return found;
}

function ownValue(values: Readonly<Record<string, string>> = {}, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function addCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sum.set(name, (sum.get(name) ?? 0) + count);
  return sorted(sum);
}

/** By name, so that the order in which shards finish leaves no trace. */
function sorted<Value>(values: ReadonlyMap<string, Value>): Record<string, Value> {
  return Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}
