import { followHost } from '../../../local/cli/host-progress';
import { RunProgress } from '../../../local/cli/run-progress';
import { ProgressDisplay } from '../../../local/cli/terminal';
import type { InstanceStatus } from '../../../local/host/durable/instance';
import { Progress } from '../../../local/host/progress';
import { Written } from './cli-world';

const DAY = { tenant: 'acme', timeZone: 'Asia/Tokyo', date: '2025-08-11' };

/** A host with orchestrations that have ended, in this order. */
function hostWith(ended: readonly (Pick<InstanceStatus, 'name' | 'input' | 'output'> & { status?: 'Failed' })[]) {
  const progress = new Progress();
  const instances = ended.map((each, index) => ({ ...each, instanceId: String(index) }) as unknown as InstanceStatus);
  return {
    onProgress: progress.subscribe.bind(progress),
    status: (instanceId: string) => instances.find((each) => each.instanceId === instanceId),
    tell: () => {
      for (const [index, { name, status = 'Completed' }] of ended.entries()) {
        progress.report({ kind: 'instance-started', instanceId: String(index), name });
        progress.report({ kind: 'instance-completed', instanceId: String(index), name, status });
      }
    },
  };
}

const attempt = (name: string, input: object, value: unknown) => ({
  name: 'attempt',
  input: { name, input },
  output: { ok: true, value },
});

test('the orchestrations of a run are told as its steps and tenants', () => {
  const stream = new Written();
  const host = hostWith([
    attempt(
      'resolveRun',
      {},
      { days: [{ timeZone: 'Asia/Tokyo', date: '2025-08-11', tenants: ['acme'] }], refused: [{}], tenantsAtOnce: 4 },
    ),
    attempt('planExport', DAY, { shards: [0, 1], rooms: { planned: 1200 } }),
    attempt('exportShard', DAY, { shard: 0, exported: 2500, reused: false }),
    attempt('exportShard', DAY, { shard: 1, exported: 10, reused: true }),
    {
      name: 'attempt',
      input: { name: 'publishExport', input: DAY },
      output: { ok: false, failure: { code: 'part_missing' } },
    },
    { name: 'attempt', input: { name: 'publishExport', input: DAY }, output: null, status: 'Failed' },
    { name: 'tenantBatch', input: DAY, output: { tenant: 'acme', status: 'failed', seconds: 1 } },
  ]);
  const unfollow = followHost(
    host,
    new RunProgress(new ProgressDisplay(stream), { job: 'export', date: '2025-08-11' }),
  );

  host.tell();
  unfollow();
  host.tell();

  expect(stream.lines.map((line) => line.replace('export of 2025-08-11: ', ''))).toEqual([
    '1 tenant, 1 refused',
    'acme planned, 1,200 rooms in 2 shards',
    'acme shard 0 exported, 2,500 messages',
    'acme shard 1 unchanged, 10 messages',
    'publishExport acme failed (part_missing)',
    'acme failed (1 of 1)',
  ]);
});

test('on a terminal it is one line with how far the run is', () => {
  const stream = new Written(true, 80);
  const host = hostWith([
    attempt(
      'resolveRun',
      {},
      {
        days: [{ timeZone: 'Asia/Tokyo', date: '2025-08-11', tenants: ['acme', 'beta'] }],
        refused: [],
        tenantsAtOnce: 4,
      },
    ),
    attempt('planExport', DAY, { shards: [0, 1], rooms: { planned: 3 } }),
    attempt('exportShard', DAY, { shard: 0, exported: 2500, reused: false }),
  ]);
  followHost(host, new RunProgress(new ProgressDisplay(stream), { job: 'export', date: '2025-08-11' }));

  host.tell();

  expect(stream.text).not.toContain('\n');
  expect(stream.text.split('\u001b[2K').at(-1)).toBe('export of 2025-08-11  tenants 0/2  shards 1/2  messages 2,500');
});
