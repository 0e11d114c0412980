import type { JobPlan } from '../../../local/cli/plan-text';
import { Catalogue } from '../../../local/youtube/catalogue';
import { newChannel, newVideo } from '../../../local/youtube/model';
import { finished } from '../../../local/youtube/oddities';
import { apiNotEnabled } from '../../../local/youtube/rules';
import type { RunReport } from '../../../shared/batch/report';
import { shown } from '../../integration/postgres/model';
import { SyncedModel } from '../../integration/youtube-sync/catalogue-model';
import { CHANNEL, callsAbout } from '../../integration/youtube-sync/one-channel';
import { numberedCatalogue } from '../../support/youtube-catalogues';
import { lastJson, Program } from '../cli/program';
import { type SyncServices, startSyncServices } from './sync-services';

// `makoto-batch run youtube` and `plan youtube` of the compiled command line. The tests follow one another.

const OTHER = `UC${'o'.repeat(22)}`;
const VIDEOS = 51;
/** Of the large channel and of the small one. */
const UNITS = [5, 3] as const;

let services: SyncServices;

beforeAll(async () => {
  const { channels, videos } = numberedCatalogue(VIDEOS).catalogue.content();
  const stream = newVideo({ id: 'a-stream001', channelId: OTHER, durationSeconds: 60 });
  const catalogue = new Catalogue({
    channels: [...channels, newChannel({ id: OTHER, handle: '@other' })],
    videos: [...videos, { ...stream, broadcast: finished(stream.publishedAt, 60) }],
  });
  services = await startSyncServices({ catalogue, tenants: { acme: [CHANNEL], beta: ['@other'] } });
});

afterAll(() => services?.stop());

async function batch(...args: string[]) {
  const program = new Program('makoto-batch', [...args, '--json'], services.settings);
  const ended = await program.ended;
  expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1);
  return ended;
}

test('a plan of what was never synced tells the least that it costs, asks the API nothing and leaves nothing', async () => {
  const ended = await batch('plan', 'youtube');

  const { jobs } = lastJson<{ jobs: JobPlan[] }>(ended);
  expect(ended.code).toBe(0);
  expect(jobs).toMatchObject([
    {
      job: 'youtube',
      tenants: [
        { tenant: 'acme', sync: { channels: [{ name: CHANNEL, known: false, units: 3 }], units: 3 } },
        { tenant: 'beta', sync: { channels: [{ name: '@other', known: false, units: 3 }] } },
      ],
    },
  ]);
  expect(services.youtube.quota.calls).toEqual([]);
  expect(await services.records('acme')).toEqual([]);
});

test('a run syncs every tenant: exit code 0, and the report says what it came to', async () => {
  const ended = await batch('run', 'youtube');

  const report = lastJson<RunReport>(ended);
  const figures = {
    date: expect.any(String),
    seconds: expect.any(Number),
    rowsWritten: expect.any(Number),
    removed: 0,
    pruned: { videos: 0, channels: 0, statistics: 0, csvRuns: 0 },
  };
  const csv = (tenant: string) => expect.stringMatching(new RegExp(`^${tenant}/youtube/csv/[-T.\\d]+/$`));
  expect(ended.code).toBe(0);
  expect(report).toEqual({
    status: 'completed',
    jobs: [
      {
        job: 'youtube',
        date: expect.any(String),
        status: 'completed',
        tenants: [
          {
            ...figures,
            tenant: 'acme',
            status: 'completed',
            channels: 1,
            videos: VIDEOS,
            streams: 0,
            quotaUnits: UNITS[0],
            csv: csv('acme'),
          },
          {
            ...figures,
            tenant: 'beta',
            status: 'completed',
            channels: 1,
            videos: 1,
            streams: 1,
            quotaUnits: UNITS[1],
            csv: csv('beta'),
          },
        ],
      },
    ],
  });
  for (const [tenant, channel] of [
    ['acme', CHANNEL],
    ['beta', OTHER],
  ] as const) {
    const model = new SyncedModel();
    model.sync(services.youtube.catalogue, [channel], report.jobs[0]?.tenants[0]?.date ?? '');
    expect(await shown(services.database, tenant)).toEqual(model.shown());
  }
});

test('a plan of what is known tells its price and the quota that is left', async () => {
  const ended = await batch('plan', 'youtube', '--tenant', 'acme');

  const { jobs } = lastJson<{ jobs: JobPlan[] }>(ended);
  expect(jobs[0]?.tenants).toMatchObject([
    {
      tenant: 'acme',
      sync: {
        channels: [{ name: CHANNEL, channelId: CHANNEL, videos: VIDEOS, units: UNITS[0], known: true }],
        units: UNITS[0],
        quota: { limit: 10_000, spent: UNITS[0] + UNITS[1], left: 10_000 - UNITS[0] - UNITS[1] },
      },
    },
  ]);
  expect(services.youtube.quota.calls).toHaveLength(UNITS[0] + UNITS[1]);
});

test('one video alone is synced by --video', async () => {
  services.youtube.catalogue.retitle('v0000000009', 'New title');

  const ended = await batch('run', 'youtube', '--tenant', 'acme', '--video', 'v0000000009');

  expect(ended.code).toBe(0);
  expect(lastJson<RunReport>(ended)).toMatchObject({
    status: 'completed',
    jobs: [{ tenants: [{ tenant: 'acme', videos: 1, rowsWritten: 1, quotaUnits: 2 }] }],
  });
});

test('a tenant that cannot be synced is named, the other one is synced: exit code 1', async () => {
  const rule = apiNotEnabled(callsAbout(CHANNEL));
  services.youtube.switches.add(rule);

  const ended = await batch('run', 'youtube');
  services.youtube.switches.remove(rule);

  expect(ended.code).toBe(1);
  expect(lastJson<RunReport>(ended)).toMatchObject({
    status: 'partial',
    jobs: [
      {
        status: 'partial',
        tenants: [
          {
            tenant: 'acme',
            status: 'failed',
            failure: { code: 'youtube_access_not_configured', kind: 'configuration' },
          },
          { tenant: 'beta', status: 'completed' },
        ],
      },
    ],
  });
  expect(ended.stderr).toContain('youtube_access_not_configured');
});

test('arguments that cannot be meant end with exit code 2, and nothing is asked', async () => {
  const calls = services.youtube.quota.calls.length;

  const dated = await batch('run', 'youtube', '--date', '2025-08-11');
  const several = await batch('run', 'youtube', '--video', 'v0000000009');

  expect([dated.code, several.code]).toEqual([2, 2]);
  expect(dated.stderr).toContain('--date: the job youtube takes no date');
  expect(several.stderr).toContain('v0000000009');
  expect(services.youtube.quota.calls).toHaveLength(calls);
});
