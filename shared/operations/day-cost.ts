import { AWS_ASSUMPTIONS, AWS_PRICES, awsNight } from './aws-cost';
import { AZURE_ASSUMPTIONS, AZURE_PRICES, azureNight } from './azure-cost';
import { nightOf, pricedRequests, valuesOf } from './cost-model';

/** A tenant's day, in what is known of it. */
export interface DayWork {
  readonly messages: number;
  /** Rooms that were touched since the day began, each of which is listed; without it, one for each ten messages. */
  readonly rooms?: number | undefined;
  /** All rooms of the tenant; without it, five for each of those. */
  readonly knownRooms?: number | undefined;
}

export interface DayCost {
  /** US dollars, at the example prices: the sum of the parts. */
  readonly usd: number;
  readonly parts: { readonly compute: number; readonly storage: number; readonly metadata: number };
  /** Seconds for which an instance, or a function, is at work. */
  readonly seconds: number;
  /** Requests to storage. */
  readonly requests: number;
}

const azure = valuesOf({ ...AZURE_ASSUMPTIONS, ...AZURE_PRICES });
const aws = valuesOf({ ...AWS_ASSUMPTIONS, ...AWS_PRICES });

/**
 * What exporting a tenant's day costs when everything in it is new, beyond what is paid whether or not anything runs. docs/cost.md and
 * docs/aws.md say what it is made of, and what is left out.
 */
export function dayCost(cloud: 'azure' | 'aws', { messages, rooms, knownRooms }: DayWork): DayCost {
  const known = { activeRooms: rooms, knownRooms };
  const night =
    cloud === 'azure'
      ? azureNight(nightOf(messages, azure, known), azure)
      : awsNight(nightOf(messages, aws, known), aws);
  const { usd: parts, seconds } = night;
  const { reads, lists, writes } = pricedRequests(night.requests);
  return { usd: parts.compute + parts.storage + parts.metadata, parts, seconds, requests: reads + lists + writes };
}
