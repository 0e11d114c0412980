import { loadTelemetryRecording } from '../../support/telemetry-recording';
import { inlineCode, readText, section, tableRows } from '../docs/documents';

const text = readText('docs/telemetry.md');
const recording = loadTelemetryRecording();

function namesIn(heading: string, column: number): Set<string> {
  return new Set(tableRows(section(text, heading)).flatMap((row) => inlineCode(row[column] ?? '')));
}

test('docs/telemetry.md names the metrics that are sent, with their dimensions', () => {
  const rows = tableRows(section(text, '## Metrics'));
  const documented = rows.map(([metric = '', dimensions = '']) => [
    inlineCode(metric)[0],
    ['date', 'job', 'run', 'tenant', ...inlineCode(dimensions)].sort(),
  ]);

  expect(Object.fromEntries(documented)).toEqual(recording.customMetrics);
});

test('docs/telemetry.md names the spans that are sent', () => {
  const documented = namesIn('## Spans', 0);
  // One video is read only on demand, nobody looks at the page in that run, and the command line has no host.
  const notRecorded = ['dashboard', 'fetchVideo', 'run'];

  const sent = Object.keys(recording.dependencies).map((name) =>
    name.replace(/^(blob|cosmos|postgresql|youtube) .*/, '$1 …'),
  );

  expect(new Set([...sent, ...notRecorded])).toEqual(documented);
});

test('docs/telemetry.md says of every dimension that tells work apart what it is', () => {
  const documented = namesIn('## Dimensions', 0);
  const ofCalls = new Set(inlineCode(section(text, '## Spans')));
  const sent = [recording.dependencies, recording.exceptions, recording.customMetrics].flatMap((names) =>
    Object.values(names).flat(),
  );

  const unknown = [...new Set(sent)].filter((name) => !documented.has(name) && !ofCalls.has(name));

  expect(unknown).toEqual([]);
});
