import type { Call } from './call';
import type { Endpoint } from './endpoints';
import { readPageToken } from './page-token';
import type { Condition } from './switches';

export const everyCall: Condition = () => true;

export function callsTo(...endpoints: readonly Endpoint[]): Condition {
  return ({ endpoint }) => endpoints.includes(endpoint);
}

export function callsWithKey(key: string): Condition {
  return (call) => call.key === key;
}

/** Calls for page `number`, from 1, of an uploads list that is read forward in pages of one size. */
export function callsForPage(number: number): Condition {
  return (call) => pageNumber(call) === number;
}

/** The n-th call, from 1, of those that the condition holds for, counted from when the rule was made. */
export function nth(number: number, condition: Condition = everyCall): Condition {
  let count = 0;
  return (call) => condition(call) && ++count === number;
}

/** The n-th such call and every one after it. */
export function from(number: number, condition: Condition = everyCall): Condition {
  let count = 0;
  return (call) => condition(call) && ++count >= number;
}

/** The next `times` such calls. */
export function next(times: number, condition: Condition = everyCall): Condition {
  let count = 0;
  return (call) => condition(call) && ++count <= times;
}

export function both(one: Condition, other: Condition): Condition {
  return (call) => one(call) && other(call);
}

function pageNumber({ endpoint, query }: Call): number | undefined {
  if (endpoint !== 'playlistItems') return undefined;
  const token = query.get('pageToken') ?? '';
  if (token === '') return 1;
  const size = Number(query.get('maxResults') ?? 5);
  const read = readPageToken(token);
  return read === undefined || size === 0 ? undefined : Math.floor(read.position / size) + 1;
}
