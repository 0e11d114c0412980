import type { BatchRequest } from '../shared/batch/request';
import { runRequests } from '../shared/batch/run-arguments';
import { BatchError, InputError } from '../shared/errors';
import type { Clock } from '../shared/ports/clock';
import { type Settings, settingsTable } from '../shared/settings';
import { jobOfSchedule } from './schedule-names';

/** The source and the detail type of events that people put: `aws events put-events`. */
const MANUAL_SOURCE = 'batch-scheduler';
const MANUAL_TYPE = 'manual-trigger';

/** What EventBridge calls the event of a rule's or a schedule's time. Source: EventBridge user guide, "Events from AWS services". */
const SCHEDULED_TYPE = 'Scheduled Event';

export const EVENT_EXAMPLE = '{"job": "export", "target_date": "2025-08-11", "tenants": ["acme"], "force": false}';

/** More than these are not told one by one. */
const MOST_PROBLEMS = 10;

type Fields = Readonly<Record<string, unknown>>;
type Problems = Record<string, string>;

/** An event that asks for no run: `fields` names each bad field and what was expected. */
export class EventError extends BatchError {
  readonly fields: Readonly<Record<string, string>>;

  constructor(fields: Readonly<Record<string, string>>) {
    const lines = Object.entries(fields).map(([name, problem]) => `${name}: ${problem}`);
    const more = lines.length > MOST_PROBLEMS ? [`and ${lines.length - MOST_PROBLEMS} more`] : [];
    const problems = [...lines.slice(0, MOST_PROBLEMS), ...more].join('; ');
    super(`The event is not valid: ${problems}. A right one is ${EVENT_EXAMPLE}`, {
      code: 'input_invalid',
      kind: 'permanent',
    });
    this.fields = fields;
  }
}

export interface EventTools {
  readonly settings: Settings;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * The run that an event asks for: one of a schedule (its constant input `{"job": "export"}`, or the event that a rule sends where it has
 * none), `manual-trigger` put by a person, or a direct invocation. All of them give the same fields:
 * `{job, target_date?, tenants?, force?, scheduled_at?}`.
 *
 * `scheduled_at` is the ISO instant of the schedule, from which dates are counted: an event that was held up over midnight still means its
 * own day. It is now, unless given.
 *
 * @throws EventError for anything else
 */
export function requestOfEvent(event: unknown, tools: EventTools): BatchRequest {
  const given = fieldsOf(event);
  if (given === undefined) throw new EventError({ event: 'expected a JSON object' });
  if (!('detail-type' in given) && !('source' in given)) return requestOf(given, tools, '');
  if (given['detail-type'] === SCHEDULED_TYPE) return requestOf(scheduledFields(given), tools, '');
  const problems: Problems = {};
  if (given.source !== MANUAL_SOURCE) problems.source = `expected ${MANUAL_SOURCE}, or no envelope at all`;
  if (given['detail-type'] !== MANUAL_TYPE) problems['detail-type'] = `expected ${MANUAL_TYPE} or ${SCHEDULED_TYPE}`;
  const detail = fieldsOf(given.detail);
  if (detail === undefined) problems.detail = 'expected a JSON object';
  if (Object.keys(problems).length > 0 || detail === undefined) throw new EventError(problems);
  return requestOf(detail, tools, 'detail.');
}

/** Of an event that a rule or a schedule without an input sends. Its detail is empty: which job it means, only its name tells. */
function scheduledFields({ resources, time }: Fields): Fields {
  const job = jobOfSchedule(resources);
  if (job === undefined) {
    const expected =
      'expected a rule or schedule with "export" or "youtube" in its name, or the input {"job": "export"}';
    throw new EventError({ resources: expected });
  }
  return { job, ...(time === undefined ? {} : { scheduled_at: time }) };
}

/** The fields by the names that they have in a request. */
const NAMES: Readonly<Record<string, string>> = {
  job: 'job',
  target_date: 'date',
  tenants: 'tenants',
  force: 'force',
};

function requestOf(given: Fields, { settings, clock }: EventTools, place: string): BatchRequest {
  // Without a prototype: a field may be called __proto__.
  const problems: Problems = Object.create(null);
  const input: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    const known = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
    if (known !== undefined) input[known] = value;
    else if (name !== 'scheduled_at') problems[`${place}${name}`] = unknownField(name);
  }
  const scheduledMs = scheduledAt(given, problems, place);
  const at = scheduledMs === undefined ? clock : { now: () => scheduledMs };
  const requests = readRequests(input, settings, at, problems, place);
  const [request] = requests;
  if (request === undefined || Object.keys(problems).length > 0) throw new EventError(problems);
  return request;
}

function readRequests(
  input: Fields,
  settings: Settings,
  clock: Pick<Clock, 'now'>,
  problems: Problems,
  place: string,
): BatchRequest[] {
  try {
    return runRequests(input, settings, clock);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const [field, problem] of Object.entries(error.fields))
      problems[`${place}${field === 'date' ? 'target_date' : field}`] ??= problem;
    return [];
  }
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function scheduledAt(given: Fields, problems: Problems, place: string): number | undefined {
  const { scheduled_at: text, target_date: date } = given;
  if (text === undefined) return undefined;
  const ms = typeof text === 'string' && INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  const problem = Number.isNaN(ms)
    ? 'expected an instant as 2025-08-11T17:00:00Z'
    : date === undefined
      ? undefined
      : 'expected either this or target_date, got both';
  if (problem === undefined) return ms;
  problems[`${place}scheduled_at`] = problem;
  return undefined;
}

/** What parameters of earlier systems were (`TargetDateOffset`, `tenant_id`) are settings of the function. */
function unknownField(name: string): string {
  if (name === 'date') return 'is called target_date here';
  const spelled = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
  const setting = settingsTable.find((row) => row.name === spelled)?.name;
  if (setting === undefined) return 'is not a known field';
  return `is a setting: give ${setting} to the function, not to the event`;
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}
