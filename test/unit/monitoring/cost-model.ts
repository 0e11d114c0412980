import { type AzureValues, azureNight } from '../../../shared/operations/azure-cost';
import { nightOf, pricedRequests } from '../../../shared/operations/cost-model';

const DAYS = 30;
const HOURS = 730;

/** Every figure of the table in docs/cost.md: of a night, then in money a month. */
export function costs(messages: number, v: AzureValues): Record<string, number> {
  const night = azureNight(nightOf(messages, v), v);
  const { requests, usd } = night;
  const { lists, writes } = pricedRequests(requests);
  const alwaysReady = v.always_ready_instances * v.instance_gb * HOURS * 3600 * v.flex_baseline_gb_second;
  const premiumHour = v.premium_vcpus * v.premium_vcpu_hour + v.premium_instance_gb * v.premium_gb_hour;
  const more = Math.max(0, Math.ceil(night.seconds / v.premium_vcpus / v.limit_seconds) - 1);
  const premium = premiumHour * (HOURS + (DAYS * more * v.limit_seconds) / 3600);
  const [onDemand, storage, metadata] = [DAYS * usd.compute, DAYS * usd.storage, DAYS * usd.metadata];
  return {
    'message GETs': requests.messageReads,
    listings: lists,
    'other GETs and HEADs': requests.paperReads + requests.paperHeads,
    PUTs: writes,
    'request units': night.requestUnits,
    'CPU seconds': night.cpuSeconds,
    'instance seconds': night.seconds,
    'Flex Consumption, on demand': onDemand,
    'Flex Consumption, always ready': alwaysReady,
    Premium: premium,
    'storage requests': storage,
    'Cosmos DB': metadata,
    'sum with Flex Consumption': onDemand + alwaysReady + storage + metadata,
    'sum with Premium': premium + storage + metadata,
  };
}
