import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * DynamoDB has no versions of items, so ours carry one: an attribute that each of our puts gives a new value. It has the name
 * under which Cosmos DB has its own, which no item of a writer may use and no store returns.
 *
 * Items of other writers have none; theirs is what is in them. Whoever puts a whole item over one of ours removes our version
 * with it, so that it does not hold any more. Only an update in place keeps it: what the batch puts over a version (its quota's
 * days), nobody else writes.
 */
const VERSION = '_etag';

type Attributes = Readonly<Record<string, AttributeValue>>;

/** The part of a PutItem that makes it conditional. */
export interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** An expression may have 4 KB and 300 operators (developer guide, "Constraints"); an equation is two of them. */
const MAX_COMPARED = 120;

export const ABSENT: Condition = { ConditionExpression: 'attribute_not_exists(PK)' };

/** The attributes with a version that no other put gives. */
export function withNewVersion(attributes: Attributes): Record<string, AttributeValue> {
  return { ...attributes, [VERSION]: { S: randomUUID() } };
}

/** The version of a stored item. The sort key is there so that the version of one item is never one of another. */
export function versionOf(sortKey: string, { PK: _, SK: __, [VERSION]: own, ...content }: Attributes): string {
  return JSON.stringify(own?.S === undefined ? [sortKey, null, comparable(content)] : [sortKey, own.S]);
}

/** The condition that an item still has a version; undefined where the text is no version of that item. */
export function conditionOf(version: string, sortKey: string): Condition | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(version);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed) || parsed[0] !== sortKey) return undefined;
  const [, own, content]: unknown[] = parsed;
  if (typeof own === 'string') return equations({ [VERSION]: { S: own } });
  return isContent(content) ? withoutOwn(equations(content)) : undefined;
}

/** What can be compared once it was text: bytes cannot. */
function comparable(content: Attributes): Attributes {
  const plain = Object.entries(content).filter(([, value]) =>
    isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value),
  );
  return Object.fromEntries(plain.slice(0, MAX_COMPARED));
}

function isContent(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function equations(content: Attributes): Condition {
  const entries = Object.entries(content);
  const equal = entries.map((_, i) => `#${i} = :${i}`);
  return {
    ConditionExpression: ['attribute_exists(PK)', ...equal].join(' AND '),
    ...(entries.length === 0
      ? {}
      : {
          ExpressionAttributeNames: Object.fromEntries(entries.map(([name], i) => [`#${i}`, name])),
          ExpressionAttributeValues: Object.fromEntries(entries.map(([, value], i) => [`:${i}`, value])),
        }),
  };
}

function withoutOwn({ ConditionExpression, ExpressionAttributeNames, ...condition }: Condition): Condition {
  return {
    ...condition,
    ConditionExpression: `${ConditionExpression} AND attribute_not_exists(#version)`,
    ExpressionAttributeNames: { ...ExpressionAttributeNames, '#version': VERSION },
  };
}
