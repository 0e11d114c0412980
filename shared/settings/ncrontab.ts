/**
 * NCRONTAB, the schedule language of Azure's timers: second, minute, hour, day, month, day of the week, in UTC. Source: the
 * parser of NCrontab, the library that the Functions host uses (CrontabFieldImpl.cs, CrontabSchedule.cs).
 *
 * Where that parser takes what it then reads in a surprising way, this one says no: a range written backwards, which the
 * host turns round (`Fri-Mon` runs on Monday to Friday), and names shorter than three letters.
 */
interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** From `min` on; also known by their first three letters or more. */
  readonly names?: readonly string[];
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');
const WEEKDAYS = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const FIELDS: readonly Field[] = [
  { name: 'second', min: 0, max: 59 },
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of the week', min: 0, max: 6, names: WEEKDAYS },
];

/** Either the schedule in one spelling (numbers for names, one space between fields), or what is wrong with it. */
export type Schedule = { readonly expression: string } | { readonly problem: string };

export function parseSchedule(text: string): Schedule {
  const parts = text.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== FIELDS.length) {
    const names = FIELDS.map(({ name }) => name).join(', ');
    return { problem: `expected the six fields of NCRONTAB (${names}), got ${parts.length}` };
  }
  const read = FIELDS.map((field, index) => readField(field, parts[index] ?? ''));
  const problem = read.find((result) => typeof result === 'string') ?? neverRuns(read);
  if (problem !== undefined) return { problem };
  return {
    expression: read.map((items) => (typeof items === 'string' ? items : items.map(spell).join(','))).join(' '),
  };
}

/** One item of a field's list: every `step`th value from `from` to `to`; the whole field where `all`. */
interface Item {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly all: boolean;
}

function readField(field: Field, text: string): Item[] | string {
  const items = text.split(',').map((item) => readItem(field, item));
  const problem = items.find((item) => typeof item === 'string');
  return problem ?? items.filter((item) => typeof item !== 'string');
}

function readItem(field: Field, text: string): Item | string {
  const match = /^(?:(\*)|([^-/*]+)(?:-([^-/*]+))?)(?:\/(\d+))?$/.exec(text);
  const expected = `expected ${field.min} to ${field.max}${field.names === undefined ? '' : ' or an English name'}`;
  if (match === null) return `${field.name}: ${expected}, *, a range as a-b, or either with /step, got "${text}"`;

  const [, star, first, last, stepText] = match;
  const step = Number(stepText ?? 1);
  if (step < 1 || step > field.max) return `${field.name}: expected a step of 1 to ${field.max}, got "${text}"`;
  if (star !== undefined) return { from: field.min, to: field.max, step, all: true };

  const from = readValue(field, first ?? '');
  // As the host reads it, 5/10 goes on to the field's end.
  const to = last === undefined ? (stepText === undefined ? from : field.max) : readValue(field, last);
  if (from === undefined || to === undefined) return `${field.name}: ${expected}, got "${text}"`;
  if (from > to) return `${field.name}: expected a range that ascends, got "${text}" (write two, with a comma)`;
  return { from, to, step, all: false };
}

function readValue(field: Field, text: string): number | undefined {
  if (/^\d+$/.test(text)) {
    const value = Number(text);
    return value >= field.min && value <= field.max ? value : undefined;
  }
  if (text.length < 3) return undefined;
  const index = field.names?.findIndex((name) => name.startsWith(text.toLowerCase())) ?? -1;
  return index < 0 ? undefined : index + field.min;
}

/** A day that none of the months has, as 31 February, would never run, and nothing would say so. */
function neverRuns(fields: readonly (Item[] | string)[]): string | undefined {
  const [, , , days, months] = fields;
  if (!Array.isArray(days) || !Array.isArray(months)) return undefined;
  const firstDay = Math.min(...days.map(({ from }) => from));
  const exists = LONGEST_MONTHS.some(
    (length, index) => firstDay <= length && months.some((item) => holds(item, index + 1)),
  );
  return exists ? undefined : `day and month: none of these months has a day ${firstDay}, so it would never run`;
}

function holds({ from, to, step }: Item, value: number): boolean {
  return value >= from && value <= to && (value - from) % step === 0;
}

function spell({ from, to, step, all }: Item): string {
  if (from === to) return String(from);
  const range = all ? '*' : `${from}-${to}`;
  return step === 1 ? range : `${range}/${step}`;
}
