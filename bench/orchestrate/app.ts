import * as df from 'durable-functions';
import type { StepResult, Steps } from '../../shared/batch/steps';
import '../../functions/orchestrators';
import { SETTINGS, SHARDS, tenantNames } from './app-settings';

const ROOMS = { planned: 40, fromMetadata: 40, fromAudit: 0, fromStorage: 0, untouched: 0 };
const FIGURES = { listed: 400, outside: 0, exported: 400, duplicates: 0, quarantined: 0, parts: SHARDS, bytes: 40_000 };

type ExportStep = 'resolveRun' | 'planExport' | 'exportShard' | 'publishExport' | 'recordFailure';

/** The steps of an export with nothing to do: what they give is as large as of a real one. */
const steps: { readonly [Name in ExportStep]: (input: Steps[Name]['input']) => Steps[Name]['output'] } = {
  resolveRun: ({ date, tenants }) => ({
    days: [{ timeZone: 'Asia/Tokyo', date, tenants: tenants ?? tenantNames(setting(SETTINGS.tenants)) }],
    refused: [],
    tenantsAtOnce: setting(SETTINGS.tenantsAtOnce),
    startedAt: `${date}T17:00:00.000Z`,
  }),
  planExport: ({ tenant, date }) => ({
    plan: paper(tenant, date, 'plan'),
    shards: Array.from({ length: SHARDS }, (_, shard) => shard),
    rooms: ROOMS,
    late: [],
    settles: [],
  }),
  exportShard: ({ tenant, date, shard }) => {
    return { shard, result: paper(tenant, date, `result-${shard}`), exported: 100, reused: false };
  },
  publishExport: ({ tenant, date }) => ({ ...FIGURES, output: paper(tenant, date, 'messages/'), late: 0 }),
  recordFailure: () => null,
};

for (const [name, step] of Object.entries(steps)) {
  const handler = (input: unknown): StepResult => ({ ok: true, value: (step as (input: unknown) => unknown)(input) });
  df.app.activity(name, { handler });
}

function paper(tenant: string, date: string, name: string): string {
  return `${tenant}/analytics/_work/${date}/${name}-0f9e8d7c6b5a4938.json`;
}

function setting(name: string): number {
  return Number(process.env[name]);
}
