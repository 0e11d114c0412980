// The compiled orchestrators of the app itself, and activities that answer from a script: every turn that a tenant's day can take.
require('../../../../../dist/functions/orchestrators.js');
require('../../../../../dist/functions/backfill-orchestrators.js');
const df = require('durable-functions');

const tries = new Map();

/** How many times a call was made in this process, this one included. */
function tryOf(name, tenant) {
  const key = `${name} ${tenant}`;
  tries.set(key, (tries.get(key) ?? 0) + 1);
  return tries.get(key);
}

const ok = (value) => ({ ok: true, value });
const failed = (tenant, stage, kind, code) => ({
  ok: false,
  failure: { kind, code, message: `Scripted: ${code}.`, tenant, stage },
});

const TOOK = { begunMs: 1_754_931_600_000, endedMs: 1_754_931_601_000 };
const noLateDay = { late: [], settles: [] };
const rooms = { planned: 2, fromMetadata: 2, fromAudit: 0, fromStorage: 0, untouched: 1 };

const syncingTenants = [
  'two-channels',
  'no-channel-is-read',
  'one-channel-fails',
  'load-is-flaky',
  'record-fails',
  'pruning-fails',
];

const scripts = {
  resolveRun: ({ job, date, tenants }) =>
    job === 'youtube'
      ? resolvedSync(date)
      : tenants !== undefined
        ? ok({ days: [{ timeZone: 'Asia/Tokyo', date, tenants }], refused: [], tenantsAtOnce: 3 })
        : ok({
            days: [
              {
                timeZone: 'Asia/Tokyo',
                date,
                tenants: [
                  'two-shards',
                  'no-shards',
                  'late-days',
                  'plan-fails',
                  'shard-fails',
                  'publish-is-flaky',
                  'shard-is-cut-off',
                  'days-missing',
                  'survey-fails',
                ],
              },
            ],
            refused: [
              {
                kind: 'configuration',
                code: 'tenant_unknown',
                message: 'Scripted.',
                tenant: 'refused',
                stage: 'tenants',
              },
            ],
            tenantsAtOnce: 3,
            lookBack: { catchUpDays: 7, lateWindowDays: 2 },
            ...ofEveryRun('2025-08-11T17:00:00.000Z'),
          }),
  surveyDays: ({ tenant }) => {
    if (tenant === 'survey-fails') return failed(tenant, 'survey', 'configuration', 'metadata_access_denied');
    const lookBack = [{ date: '2025-08-10', inputSum: 'sum', objects: 3, unnamedRooms: false }];
    return ok(
      tenant === 'days-missing' ? { missing: ['2025-08-06', '2025-08-07'], lookBack } : { missing: [], lookBack: [] },
    );
  },
  planExport: ({ tenant, date }) => {
    if (tenant === 'plan-fails' || (tenant === 'days-missing' && date === '2025-08-06'))
      return failed(tenant, 'plan', 'configuration', 'container_not_found');
    const late = [
      { date: '2025-08-08', rooms: 1, published: true },
      { date: '2025-08-09', rooms: 2, published: false },
    ];
    const findsLateDays = tenant === 'late-days' && date === '2025-08-11';
    const shards = tenant === 'no-shards' ? [] : [0, 2];
    return ok({ plan: `plan-of-${date}`, shards, rooms, ...noLateDay, ...(findsLateDays ? { late } : {}), took: TOOK });
  },
  exportShard: ({ tenant, shard }) => {
    if (tenant === 'shard-fails' && shard === 2) return failed(tenant, 'collect', 'permanent', 'proof_failed');
    if (tenant === 'shard-is-cut-off' && shard === 2 && tryOf('exportShard', tenant) === 1)
      throw new Error('Scripted: cut off.');
    return ok({ shard, result: `result-of-${shard}`, exported: 3, reused: false, took: TOOK });
  },
  publishExport: ({ tenant }) => {
    const flaky = tenant === 'publish-is-flaky' && tryOf('publishExport', tenant) === 1;
    if (flaky) return failed(tenant, 'publish', 'transient', 'storage_unavailable');
    return ok({
      listed: 7,
      outside: 1,
      exported: 6,
      duplicates: 0,
      quarantined: 0,
      parts: 4,
      bytes: 999,
      output: 'here/',
      late: 0,
    });
  },
  recordFailure: () => ok(null),
  recordRun: () => ok(null),
  planSync: () => ok({ channels: ['@one', '@two'] }),
  fetchChannel: ({ tenant, channel }) => {
    if (tenant === 'no-channel-is-read') return failed(tenant, 'fetch', 'quota', 'youtube_quota_spent');
    if (tenant === 'one-channel-fails' && channel === '@one')
      return failed(tenant, 'fetch', 'configuration', 'youtube_channel_not_found');
    const notices = { atListLimit: false, rereads: 0, replacedCharacters: 0, resumed: false };
    return ok({ channelId: `id-of-${channel}`, paper: `paper-of-${channel}`, videos: 3, units: 3, notices });
  },
  fetchVideo: () => failed('any', 'fetch', 'permanent', 'youtube_video_not_found'),
  loadSync: ({ tenant }) => {
    const flaky = tenant === 'load-is-flaky' && tryOf('loadSync', tenant) === 1;
    if (flaky) return failed(tenant, 'load', 'transient', 'database_unavailable');
    const figures = { channels: 2, videos: 6, streams: 1, removed: 0, rowsWritten: 20, replacedCharacters: 0 };
    return ok({ ...figures, csv: 'there/' });
  },
  // Three days in two lanes: one that somebody else runs at first, one whose tenants are done.
  planBackfill: ({ from }) => ok({ days: 3, stretches: [[from, '2025-07-03']], tenantDays: 2, refused: [] }),
  planBackfillDay: ({ date }) => ok({ tenants: date === '2025-07-03' ? [] : ['no-shards'] }),
  lookAtDay: ({ run }) => ok({ running: run === 'export-2025-07-02' && tryOf('lookAtDay', run) === 1, wanted: true }),
  pruneSync: ({ tenant }) =>
    tenant === 'pruning-fails'
      ? failed(tenant, 'prune', 'configuration', 'database_access_denied')
      : ok({ videos: 1, channels: 0, statistics: 2, csvRuns: 1 }),
  recordSync: ({ tenant }) =>
    tenant === 'record-fails' ? failed(tenant, 'record', 'configuration', 'metadata_access_denied') : ok(null),
};

function resolvedSync(date) {
  const days = [{ timeZone: 'Asia/Tokyo', date, tenants: syncingTenants }];
  return ok({ days, refused: [], tenantsAtOnce: 2, retentionDays: 30, ...ofEveryRun('2025-08-11T15:00:00.000Z') });
}

function ofEveryRun(startedAt) {
  return { startedAt, lease: `lease of ${startedAt}`, recorded: true };
}

for (const [name, answer] of Object.entries(scripts)) df.app.activity(name, { handler: answer });
