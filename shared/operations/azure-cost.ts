import {
  type Night,
  type NightCost,
  pricedRequests,
  requestsOf,
  type Values,
  type Variable,
  WORK_VARIABLES,
} from './cost-model';

/** What docs/cost.md has measured and assumed. */
export const AZURE_ASSUMPTIONS = {
  ...WORK_VARIABLES,
  cpu_ms_message: { value: 0.11, unit: 'ms of CPU a message' },
  busy_share: { value: 0.7, unit: 'CPU seconds a second of an instance' },
  instance_gb: { value: 2, unit: 'GB' },
  always_ready_instances: { value: 1, unit: '' },
  premium_vcpus: { value: 1, unit: '' },
  premium_instance_gb: { value: 3.5, unit: 'GB' },
  limit_seconds: { value: 600, unit: 's' },
  ru_item: { value: 1, unit: 'request units an item of 1 KB' },
  ru_query: { value: 3, unit: 'request units a query, beside its items' },
  ru_write: { value: 10, unit: 'request units' },
} satisfies Readonly<Record<string, Variable>>;

/** Example prices, to be checked for a region and an agreement: docs/cost.md names the pages. */
export const AZURE_PRICES = {
  flex_gb_second: { value: 0.000026, unit: 'GB-second, on demand' },
  flex_million_executions: { value: 0.4, unit: 'million executions' },
  flex_baseline_gb_second: { value: 0.000004, unit: 'GB-second, always ready baseline' },
  premium_vcpu_hour: { value: 0.16, unit: 'vCPU and hour' },
  premium_gb_hour: { value: 0.012, unit: 'GB and hour' },
  blob_10k_reads: { value: 0.005, unit: '10,000 reads, hot' },
  blob_10k_writes: { value: 0.06, unit: '10,000 writes or listings, hot' },
  cosmos_million_ru: { value: 0.3, unit: 'million request units' },
} satisfies Readonly<Record<string, Variable>>;

export type AzureValues = Values<typeof AZURE_ASSUMPTIONS & typeof AZURE_PRICES>;

/** What a night costs on Azure, by the formulas of docs/cost.md: Flex Consumption on demand, Blob Storage, Cosmos DB serverless. */
export function azureNight(night: Night, v: AzureValues): NightCost & { readonly requestUnits: number } {
  const requests = requestsOf(night);
  const { reads, lists, writes } = pricedRequests(requests);
  const cpuSeconds = (night.messages * v.cpu_ms_message) / 1000;
  const seconds = cpuSeconds / v.busy_share + night.shards * v.start_seconds;
  const executions = 18 + 4 * night.shards;
  const requestUnits =
    requests.metadataQueries * v.ru_query +
    (requests.metadataItems + requests.metadataGets) * v.ru_item +
    requests.metadataPuts * v.ru_write;
  const compute = seconds * v.instance_gb * v.flex_gb_second + (executions * v.flex_million_executions) / 1e6;
  const storage = (reads * v.blob_10k_reads + (lists + writes) * v.blob_10k_writes) / 10_000;
  const metadata = (requestUnits * v.cosmos_million_ru) / 1e6;
  return { requests, cpuSeconds, seconds, requestUnits, usd: { compute, storage, metadata } };
}
