import { Cron } from 'croner';
import { HostError, messageOf } from '../errors';

/** When a timer function is due. */
export interface TimerSchedule {
  /** The first due time after `after`, both in milliseconds since the epoch; undefined where there is none. */
  next(after: number): number | undefined;
}

/** What NCRONTAB has: croner understands more, which production would then refuse. */
const fieldForm = /^[\d*,/a-z-]+$/i;

/**
 * The schedule of an NCRONTAB expression: six fields, seconds first, in UTC; a day must match both its day of month and
 * its day of week. `where` names the function in errors.
 * @throws HostError `host_app_invalid` for an expression that NCRONTAB does not have
 */
export function parseSchedule(expression: string, where: string): TimerSchedule {
  const wrong = (problem: string, cause?: unknown) =>
    new HostError('host_app_invalid', `The schedule "${expression}" of ${where} is wrong: ${problem}`, cause);
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 6) {
    throw wrong(`NCRONTAB has six fields (second minute hour day month weekday), this has ${fields.length}.`);
  }
  const odd = fields.find((field) => !fieldForm.test(field) || /^[lw]$|\d[lw]|[lw]\d/i.test(field));
  if (odd !== undefined) {
    throw wrong(`"${odd}" is no NCRONTAB field: there are numbers, names, and * , - /.`);
  }
  if (/(^|[,-])0*7($|[,-])/.test(fields[5] ?? '')) {
    throw wrong('weekdays are 0 (Sunday) to 6 (Saturday).');
  }
  let cron: Cron;
  try {
    cron = new Cron(fields.join(' '), { mode: '6-part', timezone: 'UTC', domAndDow: true, paused: true });
  } catch (error) {
    throw wrong(messageOf(error), error);
  }
  return { next: (after) => cron.nextRun(new Date(after))?.getTime() };
}
