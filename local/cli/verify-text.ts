import type { DayVerdict, Finding } from '../../shared/operations/verify/findings';
import { formatBytes, formatCount, plural } from './figures';

/** A day's verdict for people: a line, and what was found below it. */
export function verdictLines(day: DayVerdict): string[] {
  return [headOf(day), ...day.findings.flatMap(findingLines)];
}

function headOf({ tenant, date, ok, deep, messages, parts, bytes, input, findings }: DayVerdict): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const state = ok ? 'as published' : `${plural(errors, 'error')}`;
  const of = [tenant, date].filter((text) => text !== '').join(' on ');
  if (messages === undefined) return `${of}: ${state}`;
  const figures = `${plural(messages, 'message')}, ${plural(parts ?? 0, 'part')}, ${formatBytes(bytes ?? 0)}`;
  const compared = deep ? ', every row compared with its message' : '';
  return `${of}: ${state} (${figures}${compared}); input ${input ?? 'not compared'}`;
}

function findingLines({ severity, code, what, do: todo }: Finding): string[] {
  return [`  ${severity} ${code}`, `    ${what}`, `    What to do: ${todo}`];
}

/** The line that sums several days up. */
export function verifiedLine(days: readonly DayVerdict[]): string {
  const wrong = days.filter(({ ok }) => !ok).length;
  const all = `${formatCount(days.length)} ${days.length === 1 ? 'day of a tenant' : 'days of tenants'} verified`;
  return wrong === 0 ? `${all}: none has an error.` : `${all}: ${formatCount(wrong)} with errors.`;
}
