import {
  type Night,
  type NightCost,
  pricedRequests,
  requestsOf,
  type Values,
  type Variable,
  WORK_VARIABLES,
} from './cost-model';

/** What docs/aws.md has measured and assumed. */
export const AWS_ASSUMPTIONS = {
  ...WORK_VARIABLES,
  cpu_ms_message: { value: 0.12, unit: 'ms of CPU a message' },
  cold_start_seconds: { value: 1, unit: 's a run' },
  busy_share: { value: 0.5, unit: 'CPU seconds a second' },
  memory_mb: { value: 1769, unit: 'MB' },
  item_kb: { value: 1, unit: 'KB an item of the metadata' },
  record_kb: { value: 2, unit: 'KB a run record' },
  metrics: { value: 12, unit: 'metrics a month' },
  alarm_metrics: { value: 5, unit: 'metrics that alarms watch' },
} satisfies Readonly<Record<string, Variable>>;

/** Example prices, to be checked for a region and an agreement: docs/aws.md names the pages. */
export const AWS_PRICES = {
  lambda_gb_second: { value: 0.0000133334, unit: 'GB-second, Arm' },
  lambda_million_requests: { value: 0.2, unit: 'million requests' },
  s3_1k_reads: { value: 0.00037, unit: '1,000 GETs' },
  s3_1k_writes: { value: 0.0047, unit: '1,000 PUTs or LISTs' },
  dynamodb_million_reads: { value: 0.1425, unit: 'million read request units' },
  dynamodb_million_writes: { value: 0.715, unit: 'million write request units' },
  metric_month: { value: 0.3, unit: 'custom metric and month' },
  alarm_month: { value: 0.1, unit: 'alarm metric and month' },
} satisfies Readonly<Record<string, Variable>>;

export type AwsValues = Values<typeof AWS_ASSUMPTIONS & typeof AWS_PRICES>;

/** What a night costs on AWS, by the formulas of docs/aws.md: Lambda, S3, DynamoDB on demand. */
export function awsNight(night: Night, v: AwsValues): NightCost & { readonly readUnits: number } {
  const requests = requestsOf(night);
  // A HEAD is a GET of the first byte: see shared/aws/s3-object-store.ts.
  const { reads, lists, writes } = pricedRequests(requests);
  const cpuSeconds = (night.messages * v.cpu_ms_message) / 1000;
  const seconds = cpuSeconds / v.busy_share + night.shards * v.start_seconds + v.cold_start_seconds;
  // Consistent reads are one unit for each 4 KB of a page.
  const readUnits = requests.metadataQueries + (requests.metadataItems * v.item_kb) / 4 + requests.metadataGets;
  const writeUnits = requests.metadataPuts * v.record_kb;
  const compute = seconds * (v.memory_mb / 1024) * v.lambda_gb_second + v.lambda_million_requests / 1e6;
  const storage = (reads * v.s3_1k_reads + (lists + writes) * v.s3_1k_writes) / 1000;
  const metadata = (readUnits * v.dynamodb_million_reads + writeUnits * v.dynamodb_million_writes) / 1e6;
  return { requests, cpuSeconds, seconds, readUnits, usd: { compute, storage, metadata } };
}
