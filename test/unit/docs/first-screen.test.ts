import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { streamsQuery } from '../../../local/cli/catalogue-query';
import { plural } from '../../../local/cli/figures';
import { copyOutput } from '../../../local/cli/output-copy';
import type { QueryResult } from '../../../local/cli/query-text';
import { RunProgress } from '../../../local/cli/run-progress';
import { queryRooms } from '../../../local/cli/sample-query';
import { sampleRunLines } from '../../../local/cli/sample-run';
import { sampleCatalogue } from '../../../local/cli/sample-services';
import { ProgressDisplay } from '../../../local/cli/terminal';
import { loadSample } from '../../../local/sample/load-sample';
import { makeSample } from '../../../local/sample/sample';
import { type InlineHooks, runInline } from '../../../shared/batch/inline-engine';
import { type JobReport, runReport } from '../../../shared/batch/report';
import { JOBS } from '../../../shared/batch/request';
import { scheduledRequest } from '../../../shared/batch/scheduled-request';
import { STEP_NAMES } from '../../../shared/batch/steps';
import { targetDate } from '../../../shared/calendar';
import { loadSettings } from '../../../shared/settings';
import { FakeCatalogueDatabase } from '../../support/fake-catalogue-database';
import { InProcessYoutubeApi } from '../../support/in-process-youtube-api';
import { CliWorld, ENVIRONMENT, Written } from '../cli/cli-world';
import { codeBlocks, readText, sourcesIn } from './documents';

// What the README says `npm start` prints is what it prints, but for the seconds: the sample of that day, exported and asked here.

const [, screen] = codeBlocks(readText('README.md'));
const shown = (screen?.content ?? '').trimEnd().split('\n');
const date = /^export of (\S+): completed$/m.exec(screen?.content ?? '')?.[1] ?? '';
/** When the schedule exports that day. */
const now = Date.parse(`${date}T17:00:00Z`);

/** Seconds, and the time that names a sync, are of the run that was shown. */
const withoutTimes = (line: string) => line.replace(/ +\d+\.\d$/, '').replace(/T\d\d-\d\d-\d\d\.\d{3}\/$/, '');

let folder: string;
let progress: string[];
let report: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-test-'));
  const world = new CliWorld();
  const clock = { ...world.clock, now: () => now };
  const display = new Written();
  const database = new FakeCatalogueDatabase();
  const api = new InProcessYoutubeApi(sampleCatalogue(now));
  const platform = {
    ...world.createPlatform(loadSettings(ENVIRONMENT), { logSink: new Written() }),
    youtube: async () => ({ api, keyId: 'a key' }),
    catalogue: () => database,
    clock,
  };
  const sample = makeSample({ dateIn: (zone) => targetDate(now, zone, -1) });
  await loadSample(platform, sample);

  const jobs: JobReport[] = [];
  for (const job of JOBS) {
    const request = scheduledRequest(job, platform);
    const steps = new RunProgress(new ProgressDisplay(display), request);
    const hooks: InlineHooks = {
      onStep: (call, result) => steps.onStep(call, result),
      onTenant: (tenant) => steps.onTenant(tenant),
    };
    jobs.push(await runInline(platform, request, hooks));
  }

  await copyOutput(platform, jobs, folder);
  const [synced] = jobs[1]?.tenants ?? [];
  const queries = [await queryRooms(folder), newestStreams(database, synced?.tenant ?? '')];
  const messages = plural(sample.objects.length, 'message');
  const tenants = plural(Object.keys(sample.expected).length, 'tenant');
  progress = [`the sample is in: ${tenants}, ${messages}`, ...display.lines];
  report = sampleRunLines({ ...runReport(jobs), queries, output: folder });
});

/** What the query of the streams comes to, from the rows of the files that were loaded. */
function newestStreams(database: FakeCatalogueDatabase, tenant: string): QueryResult {
  const { videos, streamDetails } = database.catalogue(tenant);
  const streams = [...streamDetails].map(([id, { started_at }]) => ({ ...videos.get(id), started: started_at ?? '' }));
  const newest = streams.sort((a, b) => (a.started < b.started ? 1 : -1)).slice(0, 5);
  return {
    sql: streamsQuery(tenant),
    columns: ['started', 'duration', 'views', 'title'],
    rows: newest.map(({ started, row, counts }) => [
      new Date(Date.parse(started) + 9 * 3_600_000).toISOString().slice(0, 16).replace('T', ' '),
      row?.duration ?? null,
      Number(counts?.view_count),
      row?.title ?? null,
    ]),
  };
}

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Steps are registered in a loop, timers by their names, everything else one by one. */
function functionsOfTheApp(): number {
  const registrations = sourcesIn('functions').flatMap(
    (path) =>
      readText(path).match(
        /\bapp\.(?:activity\([A-Z]|(?!activity|timer|setup|hook)\w+\()|^.*\bschedule\(\w+_TIMER\b/gm,
      ) ?? [],
  );
  return registrations.length + STEP_NAMES.length;
}

test('the progress is what is printed, in an order that may vary', () => {
  const until = shown.indexOf(`export of ${date}: completed`);
  const varying = (lines: readonly string[]) => lines.map((line) => line.replace(/\(\d of \d\)/, '')).sort();
  const ofTheMachine = [
    'Azurite, the Cosmos DB emulator, PostgreSQL and a stand-in of the YouTube API are running',
    `the app is running on the local host, with ${functionsOfTheApp()} functions`,
  ];

  expect(varying(shown.slice(0, until))).toEqual(varying([...ofTheMachine, ...progress]));
});

test('the table, the query, its rows and the paths are what is printed', () => {
  const from = shown.indexOf(`export of ${date}: completed`);

  const printed = report.map((line) => line.replaceAll(folder, '.makoto/output')).map(withoutTimes);

  expect(shown.slice(from).map(withoutTimes)).toEqual(printed);
});
