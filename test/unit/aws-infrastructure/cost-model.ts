import { nightOf, requestsOf, type Variables } from '../monitoring/cost-model';

const DAYS = 30;

/** Every figure of the table in docs/aws.md: of a night, then in money a month. */
export function awsCosts(messages: number, v: Variables): Record<string, number> {
  const of = (name: string): number => {
    const value = v[name];
    if (value === undefined) throw new Error(`docs/aws.md has no ${name}.`);
    return value;
  };
  const night = nightOf(messages, v);
  const requests = requestsOf(night);
  // A HEAD is a GET of the first byte: see shared/aws/s3-object-store.ts.
  const reads = requests.messageReads + requests.paperReads + requests.paperHeads;
  const lists = requests.roomListings + requests.prefixListings + requests.paperListings;
  const cpuSeconds = (messages * of('cpu_ms_message')) / 1000;
  const seconds = cpuSeconds / of('busy_share') + night.shards * of('start_seconds') + of('cold_start_seconds');
  // Consistent reads are one unit for each 4 KB of a page.
  const readUnits = requests.metadataQueries + (requests.metadataItems * of('item_kb')) / 4 + requests.metadataGets;
  const writeUnits = requests.metadataPuts * of('record_kb');

  const lambda =
    DAYS * (seconds * (of('memory_mb') / 1024) * of('lambda_gb_second') + of('lambda_million_requests') / 1e6);
  const storage = (DAYS * (reads * of('s3_1k_reads') + (lists + requests.paperWrites) * of('s3_1k_writes'))) / 1000;
  const metadata =
    (DAYS * (readUnits * of('dynamodb_million_reads') + writeUnits * of('dynamodb_million_writes'))) / 1e6;
  const watching = of('metrics') * of('metric_month') + of('alarm_metrics') * of('alarm_month');
  return {
    'GETs of messages': requests.messageReads,
    'other GETs': requests.paperReads + requests.paperHeads,
    LISTs: lists,
    PUTs: requests.paperWrites,
    'read units': readUnits,
    'CPU seconds': cpuSeconds,
    'seconds of the function': seconds,
    Lambda: lambda,
    S3: storage,
    DynamoDB: metadata,
    CloudWatch: watching,
    sum: lambda + storage + metadata + watching,
  };
}
