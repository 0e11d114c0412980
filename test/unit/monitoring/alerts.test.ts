import { changed, readProject } from '../bicep/project';
import { loadGrammar } from '../bicep/syntax';
import { readText, section, tableRows } from '../docs/documents';
import { alertProblems } from './alert-checks';
import { ALERTS, type AlertRule, alertRules, ruleBody } from './alert-rules';

beforeAll(loadGrammar);

const project = readProject();

const GIVEN = {
  name: 'alert-dev',
  businessTimeZone: 'Europe/Berlin',
  tenants: 'hinata-books, minato-travel',
  targetDateOffset: '-2',
  dailyQuota: '5000',
};

function rule(name: string, given: Record<string, string | number> = GIVEN): AlertRule {
  const found = alertRules(project, given).find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no rule ${name}.`);
  return found;
}

test('every rule is one that Azure takes, with a query that stands for itself', () => {
  const rules = alertRules(project, GIVEN);

  expect(rules.flatMap(alertProblems)).toEqual([]);
  expect(rules.map(({ name }) => name).sort()).toEqual([
    'day-not-sealed',
    'export-slow',
    'quarantine-high',
    'quota-high',
    'run-not-begun',
    'run-not-completed',
  ]);
});

test('a rule tells the action group of each row that its query gives, and ends by itself', () => {
  const body = ruleBody(project);

  expect(body).toContain("timeAggregation: 'Count' operator: 'GreaterThan' threshold: 0");
  expect(body).toContain('numberOfEvaluationPeriods: 1 minFailingPeriodsToAlert: 1');
  expect(body).toContain('actionGroups: [ actionGroupId ]');
  expect(body).toContain("scopes: [ applicationInsightsId ] targetResourceTypes: [ 'microsoft.insights/components' ]");
  expect(body).toContain('autoMitigate: true');
  expect(body).not.toMatch(/resolveConfiguration|muteActionsDuration/);
});

test('the alert of a day that is not sealed knows the settings of the deployment', () => {
  const { query } = rule('day-not-sealed');

  for (const line of [
    "let businessTimeZone = 'Europe/Berlin';",
    'let deadline = 3h;',
    'let dateOffset = -2;',
    "let tenants = 'hinata-books, minato-travel';",
  ])
    expect(query).toContain(`\n${line}\n`);
  expect(query).not.toMatch(/Asia|let tenants = '\*'/);
});

test('that alert gives a row where there is no telemetry at all', () => {
  const lines = rule('day-not-sealed').query.split('\n');
  const from = lines.indexOf('customMetrics');
  const pipeline = lines.slice(from).join('\n');

  // A summarize without "by" is what makes a row of nothing: nothing after it may need a row of a tenant.
  const [, before = '', after = ''] = /^([\s\S]*?)\| summarize (?!.* by )(?:.*)\n([\s\S]*)$/.exec(pipeline) ?? [];
  expect(before).toContain('| where');
  expect(before).not.toMatch(/summarize|join/);
  expect(after).toMatch(/silence = array_length\(heard\) == 0 and array_length\(listed\) == 0/);
  expect(after).toMatch(/mv-expand tenant = iff\(silence, dynamic\(\['every tenant'\]\), absent\)/);
  expect(after).not.toMatch(/summarize|join|customDimensions/);
});

test('the limits are those of the deployment', () => {
  const given = { ...GIVEN, slowAfterSeconds: 90, quarantinePercent: 5, quotaPercent: 50 };

  expect(rule('export-slow').query).toMatch(/\n\| where seconds > 600$/);
  expect(rule('quarantine-high').query).toMatch(/\n\| where share \* 100 > 1$/);
  expect(rule('quota-high').query).toMatch(/\n\| where today and share \* 100 > 80$/);
  expect(rule('quota-high').query).toContain('\nlet dailyQuota = 5000;\n');
  expect(rule('export-slow', given).query).toMatch(/> 90$/);
  expect(rule('quarantine-high', given).query).toMatch(/> 5$/);
  expect(rule('quota-high', given).query).toMatch(/> 50$/);
});

test('the operations page has every alert and every query', () => {
  const page = section(readText('docs/operations.md'), '## Alerts');
  const described = tableRows(page).map(([first = '']) => first);

  const missing = [
    ...alertRules(project, GIVEN).map(({ name }) => `\`${name}\``),
    ...[...project.keys()]
      .filter((path) => path.endsWith('.kql'))
      .map((path) => `\`${path.replace('monitoring/', '')}\``),
  ].filter((name) => !described.includes(name));

  expect(missing).toEqual([]);
  expect(described.filter((name) => name.endsWith('.kql`')).length).toBe(
    [...project.keys()].filter((path) => path.endsWith('.kql')).length,
  );
});

const KQL = 'monitoring/days-not-sealed.kql';

test.each([
  ['a limit on a column that is none', ALERTS, 'where seconds >', 'where second >', "'second' does not refer"],
  ['a dimension that the query does not give', ALERTS, "      'run'\n", "      'date'\n", 'no column date'],
  ['a frequency that Azure does not take', ALERTS, "'PT15M'", "'PT20M'", 'PT20M is no frequency'],
  ['a window shorter than what is asked', ALERTS, "windowSize: 'P2D'", "windowSize: 'P1D'", 'looks back 48 hours'],
  ['a severity that is none', ALERTS, 'severity: 2', 'severity: 5', 'severity'],
  ['a union', KQL, '\ncustomMetrics\n', '\nunion customMetrics\n', 'uses union'],
  ['a pivot', KQL, '| project tenant, run', '| evaluate pivot(tenant) | project tenant, run', 'uses evaluate'],
  ['a time that is no literal', KQL, 'ago(2d)', 'ago(deadline)', 'ago() of no literal'],
  [
    'a result that the service keeps for itself',
    KQL,
    'project tenant, run =',
    'project AggregatedValue =',
    'Aggregated',
  ],
])('%s is found', (_, path, from, to, expected) => {
  const rules = alertRules(changed(project, path, from, to), GIVEN);

  expect(rules.flatMap(alertProblems).join('\n')).toContain(expected);
});

test('a setting that the query has no place for is found', () => {
  const mutant = changed(project, KQL, 'let deadline = 3h;', 'let deadline = 4h;');

  expect(() => alertRules(mutant, GIVEN)).toThrow('does not say "let deadline = 3h;"');
});
