import { type AwsValues, awsNight } from '../../../shared/operations/aws-cost';
import { nightOf, pricedRequests } from '../../../shared/operations/cost-model';

const DAYS = 30;

/** Every figure of the table in docs/aws.md: of a night, then in money a month. */
export function awsCosts(messages: number, v: AwsValues): Record<string, number> {
  const night = awsNight(nightOf(messages, v), v);
  const { requests, usd } = night;
  const { lists, writes } = pricedRequests(requests);
  const watching = v.metrics * v.metric_month + v.alarm_metrics * v.alarm_month;
  const [lambda, storage, metadata] = [DAYS * usd.compute, DAYS * usd.storage, DAYS * usd.metadata];
  return {
    'GETs of messages': requests.messageReads,
    'other GETs': requests.paperReads + requests.paperHeads,
    LISTs: lists,
    PUTs: writes,
    'read units': night.readUnits,
    'CPU seconds': night.cpuSeconds,
    'seconds of the function': night.seconds,
    Lambda: lambda,
    S3: storage,
    DynamoDB: metadata,
    CloudWatch: watching,
    sum: lambda + storage + metadata + watching,
  };
}
