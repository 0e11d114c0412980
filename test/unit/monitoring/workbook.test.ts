import { readText } from '../docs/documents';
import { queryProblems } from './checks';
import { filledIn, parametersOf, queriesOf, WORKBOOK, type Workbook, workbookProblems } from './workbook';

const text = readText(WORKBOOK);
const book = JSON.parse(text) as Workbook;

test('the workbook is well formed, and its parameters are declared and used', () => {
  expect(workbookProblems(text)).toEqual([]);
  expect(parametersOf(book).map(({ name }) => name)).toEqual(['TimeRange', 'Tenant']);
});

test('it says what the module replaces by the settings of a deployment', () => {
  const module = readText('bicep/modules/workbook.bicep');

  const replaced = [...module.matchAll(/replace\(.+, '((?:[^'\\]|\\.)+)', /g)].map(([, words = '']) => words);

  expect(replaced.length).toBe(3);
  expect(replaced.filter((words) => !text.includes(words.replaceAll("\\'", "'")))).toEqual([]);
});

test('it shows at a glance what operators look for', () => {
  const shown = book.items.filter(({ type }) => type === 3).map(({ name, content }) => [name, content.visualization]);

  expect(shown).toEqual(
    expect.arrayContaining([
      ['sealed days', 'table'],
      ['messages', 'barchart'],
      ['durations', 'linechart'],
      ['failures', 'barchart'],
      ['quarantine', 'categoricalbar'],
      ['quota', 'table'],
    ]),
  );
});

test.each(queriesOf(book))('the Kusto parser understands the query "$name"', ({ text: query }) => {
  expect(queryProblems(filledIn(query))).toEqual([]);
});

test('every query of tenants follows the chosen ones', () => {
  const ofTenants = queriesOf(book).filter(({ name, text: query }) => query.includes('tenant') && name !== 'quota');

  const unfiltered = ofTenants.filter(
    ({ text: query }) => !query.includes("'*' in ({Tenant}) or tenant in ({Tenant})"),
  );

  expect(unfiltered.map(({ name }) => name)).toEqual(['parameter Tenant']);
});

test.each([
  ['broken JSON', '"items": [', '"items": ', 'It is no JSON'],
  ['a parameter misspelt', '({Tenant})', '({Tenants})', 'Tenants is not declared'],
  ['a parameter that nothing uses', '"name": "Tenant"', '"name": "Room"', 'Room is not used'],
  ['a part that does not follow the time', '"timeContextFromParameter": "TimeRange"', '"x": 1', 'does not follow'],
  ['a part that asks another resource', '"microsoft.insights/components"', '"x"', 'does not ask the component'],
  ['two parts of one name', '"name": "quota"', '"name": "videos"', 'Two items are named videos'],
])('%s is found', (_, from, to, expected) => {
  const mutant = text.replaceAll(from, () => to);

  expect(mutant).not.toBe(text);
  expect(workbookProblems(mutant).join('\n')).toContain(expected);
});

test('a parameter without a value is an error of its query', () => {
  expect(queryProblems('customMetrics | where name in ({Nobody})').join('\n')).toContain('Error');
});
