import { loadTelemetryRecording } from '../../support/telemetry-recording';
import { readProject } from '../bicep/project';
import { loadGrammar } from '../bicep/syntax';
import { readText } from '../docs/documents';
import { alertRules } from './alert-rules';
import { emissionProblems } from './checks';
import { type Emitted, sentencesOfSources } from './emitted';
import { kqlFiles } from './queries';
import { filledIn, queriesOf, WORKBOOK, type Workbook } from './workbook';

beforeAll(loadGrammar);

const emitted: Emitted = { recorded: loadTelemetryRecording(), sentences: sentencesOfSources() };
const files = kqlFiles();

test.each([...files])('all that %s asks for is really sent', (_name, text) => {
  expect(emissionProblems(text, emitted)).toEqual([]);
});

test('all that alerts ask for is really sent', () => {
  const given = {
    name: 'alert',
    businessTimeZone: 'Asia/Tokyo',
    tenants: '*',
    targetDateOffset: '-1',
    dailyQuota: '10000',
  };

  const problems = alertRules(readProject(), given).flatMap(({ query }) => emissionProblems(query, emitted));

  expect(problems).toEqual([]);
});

test.each(queriesOf(JSON.parse(readText(WORKBOOK)) as Workbook))(
  'all that the workbook asks for with "$name" is really sent',
  ({ text }) => {
    expect(emissionProblems(filledIn(text), emitted)).toEqual([]);
  },
);

test.each([
  ['a metric that is none', 'quarantine-share.kql', 'messages_quarantined', 'messages_kept_out', 'messages_kept_out'],
  [
    'a metric misspelt in a sum',
    'runs-not-completed.kql',
    "name == 'tenant_failures'",
    "name == 'failures'",
    'failures',
  ],
  ['a line that nobody logs', 'runs.kql', 'The day is published.', 'The day was published.', 'The day was published.'],
  ['a step that is none', 'slowest-shards.kql', "'exportShard'", "'exportShards'", 'exportShards'],
  ['a dimension of a metric', 'export-durations.kql', 'customDimensions.tenant', 'customDimensions.tennant', 'tennant'],
  [
    'a dimension of another metric',
    'days-not-sealed.kql',
    'customDimensions.run',
    'customDimensions.channel',
    'channel',
  ],
  ['a dimension of a line', 'runs.kql', 'customDimensions.listed', 'customDimensions.listedd', 'listedd'],
  ['a dimension of another line', 'runs.kql', 'customDimensions.listed', 'customDimensions.planned', 'planned'],
  ['a dimension of a span', 'slowest-shards.kql', 'customDimensions.shard)', 'customDimensions.part)', 'part'],
  ['a dimension of any', 'errors-last-24-hours.kql', 'customDimensions.stage', 'customDimensions.stages', 'stages'],
  ['a field of Durable Functions', 'run-timeline.kql', "['prop__state']", "['prop__status']", 'prop__status'],
])('%s is found', (_, name, from, to, expected) => {
  const text = files.get(name) ?? '';
  const mutant = text.replaceAll(from, to);

  expect(mutant).not.toBe(text);
  expect(emissionProblems(mutant, emitted).join('\n')).toContain(expected);
});
