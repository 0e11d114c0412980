import type { AlertRule } from './alert-rules';
import { queryProblems } from './checks';
import { analyse } from './kusto';

/**
 * What the service takes, in the order of their lengths.
 * Source: registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/monitor_scheduled_query_rules_alert_v2.
 */
const FREQUENCIES: readonly string[] = 'PT5M PT10M PT15M PT30M PT45M PT1H PT2H PT3H PT4H PT5H PT6H'.split(' ');
const WINDOWS: readonly string[] = [...FREQUENCIES, 'P1D', 'P2D'];

/**
 * Operators that a rule's query may not have, as the parser calls them: a union or search reads more than one table, the result of a plugin
 * depends on the data, and a choice of rows changes from one evaluation to the next.
 * Source: learn.microsoft.com/azure/azure-monitor/alerts/alerts-log-query and alerts-create-log-alert-rule.
 */
const REFUSED: readonly string[] = ['union', 'search', 'evaluate', 'take', 'sample'];

/** A rule that the service would not take, or that would not do what its query says. */
export function alertProblems(rule: AlertRule): string[] {
  const { name, displayName, description, severity, evaluationFrequency, windowSize, dimensions, query } = rule;
  const { operators, columns, problems } = analyse(query);
  const found: string[] = [...queryProblems(query)];
  if (!FREQUENCIES.includes(evaluationFrequency)) found.push(`${evaluationFrequency} is no frequency`);
  if (!WINDOWS.includes(windowSize)) found.push(`${windowSize} is no window`);
  if (WINDOWS.indexOf(evaluationFrequency) > WINDOWS.indexOf(windowSize)) found.push('The window is shorter');
  if (!Number.isInteger(severity) || severity < 0 || severity > 4) found.push(`${severity} is no severity`);
  if (!/^[a-z][a-z-]{1,28}[a-z]$/.test(name)) found.push('It has no name');
  if (displayName === '' || !description.includes('docs/operations.md')) found.push('It does not say what to do');
  if (dimensions.length > 6) found.push('It has more than six dimensions');
  if (problems.length === 0) {
    found.push(...dimensions.filter((each) => !columns.includes(each)).map((each) => `There is no column ${each}`));
  }
  found.push(...REFUSED.filter((operator) => operators.has(operator)).map((operator) => `It uses ${operator}`));
  if (query.includes('AggregatedValue')) found.push('It uses AggregatedValue, which is the service’s own');
  found.push(...timeProblems(query, windowSize));
  return found.map((problem) => `${name}: ${problem}`);
}

/** `ago` takes literals only in rules, and what lies before the window is not there. */
function timeProblems(query: string, windowSize: string): string[] {
  const calls = [...query.matchAll(/\bago\(([^)]*)\)/g)].map(([, time = '']) => time);
  const hours = calls.flatMap((time) => {
    const [, count, unit] = /^(\d+)([dhm])$/.exec(time) ?? [];
    return count === undefined ? [] : [Number(count) * ({ d: 24, h: 1, m: 1 / 60 }[unit ?? 'd'] ?? 24)];
  });
  const window = { P1D: 24, P2D: 48 }[windowSize] ?? Number(/^PT(\d+)H$/.exec(windowSize)?.[1] ?? 0);
  return [
    ...(hours.length === calls.length ? [] : ['It calls ago() of no literal']),
    ...hours.filter((each) => each > window).map((each) => `It looks back ${each} hours, and has ${window}`),
  ];
}
