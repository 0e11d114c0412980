import { type BusinessDate, businessDateAt, businessDay } from '../calendar';

/** Google counts a key's units per day of this zone (developers.google.com/youtube/v3/getting-started, "Quota usage"). */
const QUOTA_ZONE = 'America/Los_Angeles';

/** How many units a holder spends at most before the ledger hears of them, and how many it asks for when it has used up what it had. */
export const QUOTA_LOT = 20;

/** Units that are set aside for one holder. */
export interface HeldUnits {
  /** Tells this reservation from earlier and later ones of the same holder. */
  readonly id: string;
  readonly granted: number;
  /** What the holder has told of so far. By now it may have spent up to {@link QUOTA_LOT} more. */
  readonly spent: number;
}

/** The quota of one key on one Pacific day. */
export interface QuotaDay {
  readonly limit: number;
  /** Units of reservations that are settled. */
  readonly spent: number;
  readonly reservations: Readonly<Record<string, HeldUnits>>;
  /** When the API itself first said that the quota is exceeded, as ISO 8601 in UTC. */
  readonly exhaustedAt?: string;
}

export function pacificDay(nowMs: number): BusinessDate {
  return businessDateAt(nowMs, QUOTA_ZONE);
}

/** When the quota of a Pacific day is over and the next one's begins, as ISO 8601 in UTC. */
export function quotaResetsAt(day: BusinessDate): string {
  return new Date(businessDay(day, QUOTA_ZONE).end).toISOString();
}

/** Units that a holder can still have. */
export function freeUnits(day: QuotaDay): number {
  if (day.exhaustedAt !== undefined) return 0;
  const held = Object.values(day.reservations).reduce((sum, { granted }) => sum + granted, 0);
  return Math.max(0, day.limit - day.spent - held);
}

/**
 * Sets up to `units` aside, and nothing where there are none. A reservation that the holder had before is ended: whoever made it is taken
 * for dead, and it counts with the most that can have been spent of it.
 */
export function withReservation(day: QuotaDay, holder: string, id: string, units: number): QuotaDay {
  const left = day.reservations[holder];
  if (left?.id === id) return day;
  const freed =
    left === undefined ? day : settled(day, holder, left.id, Math.min(left.granted, left.spent + QUOTA_LOT));
  const granted = Math.min(units, freeUnits(freed));
  return granted === 0
    ? freed
    : { ...freed, reservations: { ...freed.reservations, [holder]: { id, granted, spent: 0 } } };
}

/** Takes note of what a holder has spent, and raises its grant to `wanted` units, as far as there are any. */
export function withProgress(
  day: QuotaDay,
  holder: string,
  id: string,
  { spent, wanted }: { readonly spent: number; readonly wanted: number },
): QuotaDay {
  const held = day.reservations[holder];
  if (held?.id !== id) return day;
  const granted = held.granted + Math.min(Math.max(0, wanted - held.granted), freeUnits(day));
  if (spent === held.spent && granted === held.granted) return day;
  return { ...day, reservations: { ...day.reservations, [holder]: { id, granted, spent } } };
}

/** Ends a holder's reservation, of which `spent` units were spent. Does nothing where another one has taken its place. */
export function settled(day: QuotaDay, holder: string, id: string, spent: number): QuotaDay {
  const { [holder]: held, ...reservations } = day.reservations;
  return held?.id === id ? { ...day, spent: day.spent + spent, reservations } : day;
}

/** Marks the day as used up by the API's own account. */
export function exhaustedAt(day: QuotaDay, instant: string): QuotaDay {
  return day.exhaustedAt === undefined ? { ...day, exhaustedAt: instant } : day;
}
