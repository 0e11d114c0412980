import type { TenantTables } from './engines';
import { rowsetViews } from './rowset-views';

const NOTES = [
  'In a Warehouse, or in the SQL analytics endpoint of a Lakehouse. Who queries needs to be allowed to read the storage account.',
  'For data in S3, or without access of its own: make a OneLake shortcut to the container or bucket in a Lakehouse, and give its address,',
  '  --location https://onelake.dfs.fabric.microsoft.com/WORKSPACE_ID/LAKEHOUSE_ID/Files/SHORTCUT',
  "[year], [month] and [day] are text as in the folders: WHERE [year] = '2025' AND [month] = '08' reads that month's folders alone.",
];

export function fabricStatements(tables: TenantTables): string {
  return rowsetViews({ engine: 'fabric', notes: NOTES }, tables);
}
