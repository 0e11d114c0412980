// The compiled orchestrators of the app itself, and activities that answer from a script: every turn that a tenant's day can take.
require('../../../../../dist/functions/orchestrators.js');
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

const noLateDay = { late: [], settles: [] };
const rooms = { planned: 2, fromMetadata: 2, fromAudit: 0, fromStorage: 0, untouched: 1 };

const scripts = {
  resolveRun: ({ date }) =>
    ok({
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
          ],
        },
      ],
      refused: [
        { kind: 'configuration', code: 'tenant_unknown', message: 'Scripted.', tenant: 'refused', stage: 'tenants' },
      ],
      tenantsAtOnce: 3,
    }),
  planExport: ({ tenant, date }) => {
    if (tenant === 'plan-fails') return failed(tenant, 'plan', 'configuration', 'container_not_found');
    const late = [
      { date: '2025-08-08', rooms: 1, published: true },
      { date: '2025-08-09', rooms: 2, published: false },
    ];
    const findsLateDays = tenant === 'late-days' && date === '2025-08-11';
    const shards = tenant === 'no-shards' ? [] : [0, 2];
    return ok({ plan: `plan-of-${date}`, shards, rooms, ...noLateDay, ...(findsLateDays ? { late } : {}) });
  },
  exportShard: ({ tenant, shard }) => {
    if (tenant === 'shard-fails' && shard === 2) return failed(tenant, 'collect', 'permanent', 'proof_failed');
    if (tenant === 'shard-is-cut-off' && shard === 2 && tryOf('exportShard', tenant) === 1)
      throw new Error('Scripted: cut off.');
    return ok({ shard, result: `result-of-${shard}`, exported: 3, reused: false });
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
};

for (const [name, answer] of Object.entries(scripts)) df.app.activity(name, { handler: answer });
