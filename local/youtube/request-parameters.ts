import {
  incompatibleParameters,
  invalidFilters,
  invalidPageToken,
  invalidParameter,
  missingFilter,
  missingPart,
  Refusal,
  unknownParameter,
  unknownPart,
} from './api-error';
import { checkFields, type FieldMask, FieldsError, type MessageShape, parseFields } from './fields';
import { readPageToken } from './page-token';

/** What every method takes: the API's system parameters. */
const COMMON = [
  'key',
  'alt',
  'fields',
  'prettyPrint',
  'quotaUser',
  'part',
  '$.xgafv',
  'callback',
  'upload_protocol',
  'uploadType',
];

const MOST_IDS = 50;
const MOST_RESULTS = 50;

/** @throws Refusal naming a parameter that the method does not have */
export function checkNames(query: URLSearchParams, own: readonly string[]): void {
  for (const name of query.keys()) {
    if (!COMMON.includes(name) && !own.includes(name)) throw new Refusal(unknownParameter(name));
  }
}

/** The name of the one filter that the request has. @throws Refusal where it has none, or several */
export function oneFilter<Name extends string>(query: URLSearchParams, filters: readonly Name[]): Name {
  const given = filters.filter((name) => (query.get(name) ?? '') !== '');
  const [filter] = given;
  if (filter === undefined) throw new Refusal(missingFilter(filters));
  if (given.length > 1) throw new Refusal(incompatibleParameters(given));
  return filter;
}

/** A repeated parameter, or one with commas, or both. */
function values(query: URLSearchParams, name: string): string[] {
  return query
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '');
}

/** @throws Refusal */
export function readParts(query: URLSearchParams, known: readonly string[]): ReadonlySet<string> {
  const parts = values(query, 'part');
  if (parts.length === 0) throw new Refusal(missingPart());
  const unknown = parts.find((part) => part !== 'id' && !known.includes(part));
  if (unknown !== undefined) throw new Refusal(unknownPart(unknown));
  return new Set(parts);
}

/** Each id once, in the request's order. @throws Refusal for more than 50 */
export function readIds(query: URLSearchParams): readonly string[] {
  const ids = values(query, 'id');
  if (ids.length > MOST_IDS) throw new Refusal(invalidFilters());
  return [...new Set(ids)];
}

/** @throws Refusal */
export function readMaxResults(query: URLSearchParams): number {
  const text = query.get('maxResults') ?? '5';
  const count = Number(text);
  if (/^\d+$/.test(text) && count <= MOST_RESULTS) return count;
  throw new Refusal(
    invalidParameter('maxResults', `Invalid value '${text}'. Values must be within the range: [0, ${MOST_RESULTS}]`),
  );
}

/** Where in its list the page begins that the request asks for. @throws Refusal */
export function readPosition(query: URLSearchParams, maxResults: number): number {
  const token = query.get('pageToken') ?? '';
  if (token === '') return 0;
  const read = readPageToken(token);
  if (read === undefined) throw new Refusal(invalidPageToken());
  return read.backward ? Math.max(0, read.position - maxResults) : read.position;
}

/** Null where everything is asked for. @throws Refusal */
export function readFields(query: URLSearchParams, shape: MessageShape): FieldMask | null {
  const text = query.get('fields') ?? '';
  if (text === '') return null;
  try {
    const mask = parseFields(text);
    checkFields(mask, shape);
    return mask;
  } catch (error) {
    if (error instanceof FieldsError) throw new Refusal(invalidParameter('fields', error.message));
    throw error;
  }
}
