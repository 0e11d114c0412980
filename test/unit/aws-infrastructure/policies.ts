import type { StoreCall } from '../../support/store-spies';

/** A statement of a policy, as IAM has it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Policy {
  readonly PolicyName: string;
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

/** What is asked for: an action on a resource, with what the service knows of the request. */
export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

export const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** Every action that the policies name. */
export function actionsOf(policies: readonly Policy[]): string[] {
  const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
  return [...new Set(statements.flatMap(({ Action }) => listOf(Action)))].sort();
}

/** Whether policies allow it, as IAM judges: nothing is allowed that no statement names. StringLike is the only condition that is known here. */
export function isAllowed(policies: readonly Policy[], { action, resource, context = {} }: Asked): boolean {
  return policies
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .some(
      ({ Effect, Action, Resource, Condition = {} }) =>
        Effect === 'Allow' &&
        listOf(Action).some((each) => isLike(each, action)) &&
        listOf(Resource).some((each) => isLike(each, resource)) &&
        Object.entries(Condition).every(([operator, keys]) => holds(operator, keys, context)),
    );
}

function holds(
  operator: string,
  keys: Readonly<Record<string, string | readonly string[]>>,
  context: Readonly<Record<string, string>>,
): boolean {
  if (operator !== 'StringLike') throw new Error(`This test does not know ${operator}.`);
  return Object.entries(keys).every(([key, patterns]) => {
    const value = context[key];
    return value !== undefined && listOf(patterns).some((pattern) => isLike(pattern, value));
  });
}

/** `*` is any text, the empty one too, and `?` one character. */
function isLike(pattern: string, text: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[\\s\\S]*')
    .replaceAll('?', '[\\s\\S]');
  return new RegExp(`^${escaped}$`).test(text);
}

const ACTION_OF_CALL: Readonly<Record<StoreCall['method'], string>> = {
  list: 's3:ListBucket',
  listPrefixes: 's3:ListBucket',
  read: 's3:GetObject',
  head: 's3:GetObject',
  write: 's3:PutObject',
  delete: 's3:DeleteObject',
};

/** What S3 asks IAM about a call. What is not there is looked for among what may be listed, by its key. */
export function askedOfBucket(bucket: string, { method, key }: StoreCall): Asked[] {
  const action = ACTION_OF_CALL[method];
  const listing = { action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, context: { 's3:prefix': key } };
  if (action === 's3:ListBucket') return [listing];
  const itself = { action, resource: `arn:aws:s3:::${bucket}/${key}` };
  return method === 'read' || method === 'head' ? [itself, listing] : [itself];
}
