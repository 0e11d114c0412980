import type { Check, CheckStatus } from '../../shared/operations/doctor/check';
import { plural } from './figures';
import { textTable } from './text-table';

/** Of one kind, no more checks are told one by one that found nothing wrong. */
const MOST_FINE = 5;

/** What the doctor found, for people: all that was looked at in a table, and below it what is not fine, with what to do about it. */
export function doctorLines(checks: readonly Check[], width?: number): string[] {
  const columns = [
    { title: 'check' },
    { title: 'of', flexible: true },
    { title: '' },
    { title: 'found', flexible: true },
  ];
  const shown = withoutTheMany(checks);
  const rows = shown.map(({ check, subject = '', status, found }) => [
    check,
    subject,
    status,
    status === 'ok' ? found : 'see below',
  ]);
  const todo = checks.filter(({ status }) => status !== 'ok').flatMap(adviceLines);
  return [...textTable(columns, rows, width), ...todo, '', sumOf(checks)];
}

function adviceLines({ check, subject, status, found, do: todo }: Check): string[] {
  const of = subject === undefined ? '' : ` of ${subject}`;
  return ['', `${status}: ${check}${of}`, `  ${found}`, ...(todo === undefined ? [] : [`  What to do: ${todo}`])];
}

/** Two hundred tenants without anything wrong are one line. */
function withoutTheMany(checks: readonly Check[]): Check[] {
  const names = [...new Set(checks.map(({ check }) => check))];
  return names.flatMap((name) => {
    const own = checks.filter(({ check }) => check === name);
    const fine = own.filter(({ status }) => status === 'ok');
    if (fine.length <= MOST_FINE) return own;
    const rest = own.filter(({ status }) => status !== 'ok');
    return [
      { check: name, subject: `${fine.length} of ${own.length}`, status: 'ok' as const, found: 'nothing is wrong' },
      ...rest,
    ];
  });
}

function sumOf(checks: readonly Check[]): string {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  if (problems + warnings === 0) return 'Nothing is wrong.';
  return `${plural(problems, 'problem')}, ${plural(warnings, 'warning')}.`;
}
