import { DATASET_NAMES, DATASETS, MONTHLY_DATASETS } from '../../shared/messages/datasets';
import type { NamedDataset } from './schema-history';

/** Where the versions of the schema are written down, from the project's folder. */
export const HISTORY_FILE = 'shared/messages/schema-versions.json';

/** Every kind of Parquet file that the export writes, by the folder that it lies in below a tenant's analytics. */
export const CURRENT_DATASETS: readonly NamedDataset[] = [
  ...DATASET_NAMES.map((name) => ({ name, dataset: DATASETS[name] })),
  ...DATASET_NAMES.map((name) => ({ name: `monthly/${name}`, dataset: MONTHLY_DATASETS[name] })),
];
