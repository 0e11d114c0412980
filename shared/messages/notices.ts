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

/** Collects {@link Notices} message by message. */
export class NoticeCounter {
  private readonly quarantine = new Map<string, number>();
  private readonly drift = new Map<string, number>();
  private driftUnnamed = 0;
  private clockSkew = 0;
  private replacedSurrogates = 0;
  private late = 0;

  quarantined(reason: QuarantineReason): void {
    this.quarantine.set(reason, (this.quarantine.get(reason) ?? 0) + 1);
  }

  /** @param late whether only the audit found the message's room */
  exported(message: Message, late: boolean): void {
    if (message.clockSkew) this.clockSkew += 1;
    if (message.replacedSurrogates) this.replacedSurrogates += 1;
    if (late) this.late += 1;
    for (const field of message.unknownFields) {
      this.driftUnnamed += countDrift(this.drift, driftName(field), 1);
    }
  }

  finish(): Notices {
    const { driftUnnamed, clockSkew, replacedSurrogates, late } = this;
    return {
      quarantine: sorted(this.quarantine),
      drift: sorted(this.drift),
      driftUnnamed,
      clockSkew,
      replacedSurrogates,
      late,
    };
  }
}

export function addNotices(a: Notices, b: Notices): Notices {
  const drift = new Map(Object.entries(a.drift));
  const unnamed = Object.entries(b.drift).reduce((sum, [name, count]) => sum + countDrift(drift, name, count), 0);
  return {
    quarantine: addCounts(a.quarantine, b.quarantine),
    drift: sorted(drift),
    driftUnnamed: a.driftUnnamed + b.driftUnnamed + unnamed,
    clockSkew: a.clockSkew + b.clockSkew,
    replacedSurrogates: a.replacedSurrogates + b.replacedSurrogates,
    late: a.late + b.late,
  };
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

function addCounts(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sum = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sum.set(name, (sum.get(name) ?? 0) + count);
  return sorted(sum);
}

/** By name, so that the order in which shards finish leaves no trace. */
function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
