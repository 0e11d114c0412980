import { queryProblems } from './checks';
import { analyse } from './kusto';
import { kqlFile, kqlFiles } from './queries';

const files = kqlFiles();

/** What operators asked for. */
const QUESTIONS: readonly string[] = [
  'errors-last-24-hours',
  'request-durations-by-day',
  'runs',
  'quarantine-by-reason',
  'drift',
  'youtube-quota',
  'slowest-shards',
  'days-not-sealed',
  'run-timeline',
];

test('every question of operators has its query', () => {
  expect([...files.keys()]).toEqual(expect.arrayContaining(QUESTIONS.map((name) => `${name}.kql`)));
});

describe.each([...files])('%s', (_name, text) => {
  test('is understood by the Kusto parser, with the columns of Application Insights, and asks for the role', () => {
    expect(queryProblems(text)).toEqual([]);
  });

  test('says what it answers, its parameters and how to read it', () => {
    const { header, parameters, body } = kqlFile(text);
    const at = (beginning: string) => header.findIndex((line) => line.startsWith(beginning));

    expect(header[0]).toMatch(/^[A-Z].+\.$/);
    expect([at('Parameters: '), at('How to read it: ')]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(at('Parameters: ')).toBeGreaterThan(0);
    expect(at('How to read it: ')).toBeGreaterThan(at('Parameters: '));
    expect([...parameters.keys()].filter((name) => !header.join(' ').includes(name))).toEqual([]);
    expect(body).not.toMatch(/\/\/|\t| $|\r/m);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('looks back a stated time in every table', () => {
    const { tables } = analyse(text);
    const lookingBack = text.match(/timestamp > ago\(\d+[hd]\)/g) ?? [];

    expect(lookingBack.length).toBeGreaterThan(0);
    expect(tables.size).toBeLessThanOrEqual(4);
  });
});

const runs = files.get('runs.kql') ?? '';

test.each([
  ['a column misspelt', runs, 'timestamp > ago', 'timestmp > ago', "'timestmp' does not refer to any known column"],
  ['a table misspelt', runs, '\ntraces\n', '\ntrace\n', "'trace' does not refer to any known table"],
  ['a function that is none', runs, 'tolong(', 'tolng(', "'tolng' does not refer to any known function"],
  ['an operator that is none', runs, '| summarize arg_max', '| summarise arg_max', 'Query operator expected'],
  ['a word of the language as a name', runs, 'changed = tobool', 'first = tobool', "['first']"],
  [
    'a column of another table',
    runs,
    'max(valueMax)',
    'max(severityLevel)',
    "'severityLevel' does not refer to any known",
  ],
  ['a column that is gone', runs, 'minutes\n| order', 'minutes\n| where isnull(listd)\n| order', "'listd'"],
  ['a sum of texts', runs, 'max(valueMax)', 'sum(name)', 'must be summable'],
  ['a bracket too few', runs, "'date']);", "'date');", 'Expected'],
  ['all dimensions at once', runs, 'customDimensions.tenant', 'customDimensions', 'not asked for one key'],
  ['another role', runs, "'makoto-daily-batch'", "'makoto-batch'", 'asks for another role'],
  ['no role', runs, /cloud_RoleName == roleName and /g, '', 'does not ask for the role'],
])('%s is found', (_, text, from, to, expected) => {
  const mutant = text.replace(from, () => to);

  expect(mutant).not.toBe(text);
  expect(queryProblems(mutant).join('\n')).toContain(expected);
});
