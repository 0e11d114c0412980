import type { DatasetName } from '../../messages/datasets';
import { assertTenantId } from '../../tenant-id';
import { athenaStatements } from './athena';
import { databricksStatements } from './databricks';
import { duckDbStatements } from './duckdb';
import type { Engine, TenantTables } from './engines';
import { fabricStatements } from './fabric';
import { synapseStatements } from './synapse';
import { tenantTables } from './tenant-tables';

export interface DdlRequest {
  readonly engine: Engine;
  readonly tenant: string;
  readonly datasets: readonly DatasetName[];
  /** The address of the container or folder below which `{tenant}/analytics/` lies: see location.ts. */
  readonly location: string;
  /** Whole months, as compaction writes them, instead of days. */
  readonly monthly: boolean;
}

const STATEMENTS: Readonly<Record<Engine, (tables: TenantTables) => string>> = {
  athena: athenaStatements,
  synapse: synapseStatements,
  fabric: fabricStatements,
  databricks: databricksStatements,
  duckdb: duckDbStatements,
};

/**
 * What to run in an engine to query a tenant's output. Running it again changes nothing, or brings views up to date.
 * @throws TenantError `tenant_id_invalid`
 */
export function ddlOf({ engine, tenant, datasets, location, monthly }: DdlRequest): string {
  assertTenantId(tenant);
  return STATEMENTS[engine](tenantTables(tenant, location, datasets, monthly));
}
