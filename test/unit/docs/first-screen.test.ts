import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plural } from '../../../local/cli/figures';
import { copyOutput } from '../../../local/cli/output-copy';
import { RunProgress } from '../../../local/cli/run-progress';
import { queryRooms } from '../../../local/cli/sample-query';
import { sampleRunLines } from '../../../local/cli/sample-run';
import { ProgressDisplay } from '../../../local/cli/terminal';
import { loadSample } from '../../../local/sample/load-sample';
import { makeSample } from '../../../local/sample/sample';
import { runInline } from '../../../shared/batch/inline-engine';
import { runReport } from '../../../shared/batch/report';
import { scheduledRequest } from '../../../shared/batch/scheduled-request';
import { STEP_NAMES } from '../../../shared/batch/steps';
import { targetDate } from '../../../shared/calendar';
import { loadSettings } from '../../../shared/settings';
import { CliWorld, ENVIRONMENT, Written } from '../cli/cli-world';
import { codeBlocks, readText, sourcesIn } from './documents';

// What the README says `npm start` prints is what it prints, but for the seconds: the sample of that day, exported and asked here.

const [, screen] = codeBlocks(readText('README.md'));
const shown = (screen?.content ?? '').trimEnd().split('\n');
const date = /^export of (\S+): completed$/m.exec(screen?.content ?? '')?.[1] ?? '';
/** When the schedule exports that day. */
const now = Date.parse(`${date}T17:00:00Z`);

const withoutSeconds = (line: string) => line.replace(/ +\d+\.\d$/, '');

let folder: string;
let progress: string[];
let report: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-test-'));
  const world = new CliWorld();
  const clock = { ...world.clock, now: () => now };
  const display = new Written();
  const platform = {
    ...world.createPlatform(loadSettings(ENVIRONMENT), { logSink: new Written() }),
    clock,
  };
  const sample = makeSample({ dateIn: (zone) => targetDate(now, zone, -1) });
  await loadSample(platform, sample);
  const request = scheduledRequest('export', platform);
  const steps = new RunProgress(new ProgressDisplay(display), request);

  const run = await runInline(platform, request, {
    onStep: (call, result) => steps.onStep(call, result),
    onTenant: (tenant) => steps.onTenant(tenant),
  });

  const tenants = Object.keys(sample.expected);
  await copyOutput(platform, [run], folder);
  const query = await queryRooms(folder);
  const messages = plural(sample.objects.length, 'message');
  progress = [`the sample is in: ${plural(tenants.length, 'tenant')}, ${messages}`, ...display.lines];
  report = sampleRunLines({ ...runReport([run]), queries: [query], output: folder });
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Activities are registered in a loop over the steps, everything else one by one. */
function functionsOfTheApp(): number {
  const registrations = sourcesIn('functions').flatMap(
    (path) => readText(path).match(/\bapp\.(?!activity)\w+\(/g) ?? [],
  );
  return registrations.length + STEP_NAMES.length;
}

test('the progress is what is printed, in an order that may vary', () => {
  const until = shown.indexOf(`export of ${date}: completed`);
  const varying = (lines: readonly string[]) => lines.map((line) => line.replace(/\(\d of \d\)/, '')).sort();
  const ofTheMachine = [
    'Azurite and the Cosmos DB emulator are running',
    `the app is running on the local host, with ${functionsOfTheApp()} functions`,
  ];

  expect(varying(shown.slice(0, until))).toEqual(varying([...ofTheMachine, ...progress]));
});

test('the table, the query, its rows and the paths are what is printed', () => {
  const from = shown.indexOf(`export of ${date}: completed`);

  const printed = report.map((line) => line.replaceAll(folder, '.makoto/output')).map(withoutSeconds);

  expect(shown.slice(from).map(withoutSeconds)).toEqual(printed);
});
