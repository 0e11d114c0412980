/** Settings of the bench's function app. */
export const SETTINGS = { tenants: 'BENCH_TENANTS', tenantsAtOnce: 'BENCH_TENANTS_AT_ONCE' } as const;

/** Of each tenant. */
export const SHARDS = 4;

/** Of a run with so many tenants: one to resolve it, and for each tenant its plan, its shards and its publishing. */
export function activitiesOf(tenants: number): number {
  return 1 + tenants * (1 + SHARDS + 1);
}

export function tenantNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `tenant-${String(index).padStart(5, '0')}`);
}
