import fc from 'fast-check';

/** Every zone that the platform knows, and the ones whose history is the strangest more often. */
const strange = [
  'America/St_Johns',
  'America/Goose_Bay',
  'America/Sao_Paulo',
  'America/Havana',
  'America/Asuncion',
  'America/Santiago',
  'America/New_York',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'Asia/Amman',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Europe/Lisbon',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Fakaofo',
  'Pacific/Kiritimati',
  'Pacific/Kwajalein',
];

export const zoneNames = [...new Set([...Intl.supportedValuesOf('timeZone'), ...strange])];

export const zones = fc.oneof(fc.constantFrom(...strange), fc.constantFrom(...zoneNames));

/** Instants of 1990 to 2040, in ms. */
export const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2040, 11, 31) });

/** What the platform's own formatter shows on a zone's clock: an answer that does not come from the Temporal library. */
export function wallClock(zone: string): (instantMs: number) => { date: string; hour: number } {
  const format = new Intl.DateTimeFormat('en-CA-u-ca-iso8601', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
  });
  return (instantMs) => {
    const parts = Object.fromEntries(format.formatToParts(instantMs).map(({ type, value }) => [type, value]));
    return { date: `${parts.year}-${parts.month}-${parts.day}`, hour: Number(parts.hour) };
  };
}

/**
 * Zones with an instant in the day before, of or after a clock change of theirs, where the mistakes are. Falls back to
 * any instant in a zone that never changed.
 */
export const nearClockChanges = fc
  .record({
    zone: zones,
    instant: instants,
    aside: fc.oneof(fc.integer({ min: -7_200_000, max: 7_200_000 }), fc.integer({ min: -90_000_000, max: 90_000_000 })),
  })
  .map(({ zone, instant, aside }) => {
    const change = nextChange(zone, instant);
    return { zone, instant: change === undefined ? instant : change + aside };
  });

/** The first instant of the 400 days from `from` at which the zone's offset is another than before, to the second. */
function nextChange(zone: string, from: number): number | undefined {
  const offset = offsetOf(zone);
  const step = 20 * 86_400_000;
  for (let low = from; low < from + 400 * 86_400_000; low += step) {
    if (offset(low) === offset(low + step)) continue;
    let [before, after] = [low, low + step];
    while (after - before > 1000) {
      const middle = before + Math.floor((after - before) / 2);
      if (offset(middle) === offset(low)) before = middle;
      else after = middle;
    }
    return after;
  }
  return undefined;
}

function offsetOf(zone: string): (instantMs: number) => string | undefined {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  return (instantMs) => format.formatToParts(instantMs).find(({ type }) => type === 'timeZoneName')?.value;
}
