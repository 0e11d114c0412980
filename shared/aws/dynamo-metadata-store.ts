import {
  type AttributeValue,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { MetadataError } from '../errors';
import { checkMetadataKey, SYSTEM_ATTRIBUTES, storableItem } from '../ports/metadata-item-rules';
import { checkMetadataQuery, isOfEmptyRange } from '../ports/metadata-query-rules';
import type { MetadataItem, MetadataPage, MetadataQuery, MetadataStore, VersionedItem } from '../ports/metadata-store';
import { DEFAULT_TRY_TIMEOUT_MS, withTryTimeout } from '../try-timeout';
import { dynamoTimeout, isBrokenCondition, toDynamoError } from './dynamo-errors';
import { fromAttributes, toAttributes } from './dynamo-values';
import { ABSENT, conditionOf, versionOf, withNewVersion } from './dynamo-versions';

export interface DynamoMetadataSettings {
  readonly region: string;
  readonly table: string;
  /** Where DynamoDB is, for a stand-in; without it, AWS's own of the region. */
  readonly endpoint?: string | undefined;
  /** Without them, those that AWS's clients find: of the function's role, the environment, the files in `~/.aws`. */
  readonly credentials?:
    | { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }
    | undefined;
  /** What one call may take, in milliseconds; 30 s if not given. */
  readonly tryTimeoutMs?: number | undefined;
  /** Items in a page of a query; without it, as many as are in 1 MB. */
  readonly pageSize?: number | undefined;
}

/** A metadata store that holds on to connections until it is disposed of. */
export interface DynamoMetadataStore extends MetadataStore {
  dispose(): void;
}

/**
 * A table of DynamoDB with the partition key PK and the sort key SK. Nothing is sent yet; a table that is missing is an error
 * of the first call and is never made. Reads are strongly consistent: what one step wrote, the next one finds wherever it runs.
 */
export function createDynamoMetadataStore(settings: DynamoMetadataSettings): DynamoMetadataStore {
  return new DynamoStore(settings);
}

type Attributes = Record<string, AttributeValue>;

class DynamoStore implements DynamoMetadataStore {
  readonly name: string;
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #tryTimeoutMs: number;
  readonly #pageSize: number | undefined;

  constructor({ region, table, endpoint, credentials, tryTimeoutMs, pageSize }: DynamoMetadataSettings) {
    this.name = `the DynamoDB table ${table} in ${region}`;
    this.#table = table;
    this.#tryTimeoutMs = tryTimeoutMs ?? DEFAULT_TRY_TIMEOUT_MS;
    this.#pageSize = pageSize;
    const agent = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY };
    this.#client = new DynamoDBClient({
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
      maxAttempts: 1,
      // Only the settings say where it is, not a profile of the machine's; the batch decides how much is under way at a time.
      ignoreConfiguredEndpointUrls: true,
      requestHandler: { httpAgent: agent, httpsAgent: agent },
      // The one address that VPC endpoints and firewalls are made for, whatever the credentials tell of their account.
      accountIdEndpointMode: 'disabled',
    });
  }

  async get(partition: string, sortKey: string): Promise<VersionedItem | undefined> {
    checkMetadataKey('PK', partition);
    checkMetadataKey('SK', sortKey);
    const command = new GetItemCommand({
      TableName: this.#table,
      Key: { PK: { S: partition }, SK: { S: sortKey } },
      ConsistentRead: true,
    });
    const { Item: found } = await this.#call(`Reading ${nameOf({ PK: partition, SK: sortKey })}`, (abortSignal) =>
      this.#client.send(command, { abortSignal }),
    );
    return found && { item: itemOf(found), version: versionOf(sortKey, found) };
  }

  async query(query: MetadataQuery, continuation?: string): Promise<MetadataPage> {
    checkMetadataQuery(query);
    if (isOfEmptyRange(query)) return { items: [] };
    const command = new QueryCommand({
      TableName: this.#table,
      ...itemsOfPartition(query),
      ConsistentRead: true,
      ...(this.#pageSize === undefined ? {} : { Limit: this.#pageSize }),
      ...(continuation === undefined ? {} : { ExclusiveStartKey: startAfter(query.partition, continuation) }),
    });
    const { Items: found = [], LastEvaluatedKey: last } = await this.#call(
      `Reading ${JSON.stringify(query.partition)}`,
      (abortSignal) => this.#client.send(command, { abortSignal }),
    );
    const items = found.map(itemOf);
    return last?.SK?.S === undefined ? { items } : { items, next: JSON.stringify({ after: last.SK.S }) };
  }

  async put(item: MetadataItem, onlyIf?: 'absent' | { readonly version: string }): Promise<void> {
    const stored = storableItem(item);
    const condition = typeof onlyIf === 'object' ? conditionOf(onlyIf.version, stored.SK) : onlyIf && ABSENT;
    if (onlyIf !== undefined && condition === undefined) throw this.#changed(stored);
    const command = new PutItemCommand({
      TableName: this.#table,
      Item: withNewVersion(toAttributes(stored)),
      ...condition,
    });
    await this.#call(`Writing ${nameOf(stored)}`, async (abortSignal) => {
      try {
        await this.#client.send(command, { abortSignal });
      } catch (error) {
        throw isBrokenCondition(error) ? this.#changed(stored) : error;
      }
    });
  }

  dispose(): void {
    this.#client.destroy();
  }

  async #call<T>(action: string, attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const call = { action, store: this.name };
    try {
      return await withTryTimeout(this.#tryTimeoutMs, () => dynamoTimeout(call, this.#tryTimeoutMs), attempt);
    } catch (error) {
      throw toDynamoError(error, call);
    }
  }

  #changed(item: MetadataItem): MetadataError {
    return new MetadataError(`The item ${nameOf(item)} in ${this.name} is not the version that was expected.`, {
      code: 'metadata_precondition_failed',
      kind: 'permanent',
    });
  }
}

type ItemsOfPartition = Pick<
  QueryCommandInput,
  'KeyConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues' | 'ProjectionExpression'
>;

function itemsOfPartition({
  partition,
  sortKeyPrefix = '',
  sortKeyRange,
  attributes,
}: MetadataQuery): ItemsOfPartition {
  const values: Attributes = { ':partition': { S: partition } };
  let condition = 'PK = :partition';
  if (sortKeyPrefix !== '') {
    condition += ' AND begins_with(SK, :prefix)';
    values[':prefix'] = { S: sortKeyPrefix };
  }
  if (sortKeyRange !== undefined) {
    condition += ' AND SK BETWEEN :from AND :to';
    values[':from'] = { S: sortKeyRange.from };
    values[':to'] = { S: sortKeyRange.to };
  }
  return { KeyConditionExpression: condition, ExpressionAttributeValues: values, ...projection(attributes) };
}

/** Any name can be an attribute, also one that is a word of the expressions' language, or holds a dot. */
function projection(attributes: readonly string[] | undefined): ItemsOfPartition {
  if (attributes === undefined) return {};
  const wanted = new Set(attributes.filter((name) => name !== 'PK' && name !== 'SK' && !SYSTEM_ATTRIBUTES.has(name)));
  const names = [...wanted].map((name, i) => [`#${i}`, name] as const);
  return {
    ProjectionExpression: ['PK', 'SK', ...names.map(([placeholder]) => placeholder)].join(', '),
    ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
  };
}

/** @throws MetadataError `metadata_request_invalid` where the token is none that a page had */
function startAfter(partition: string, continuation: string): Attributes {
  const after = sortKeyIn(continuation);
  if (after !== undefined) return { PK: { S: partition }, SK: { S: after } };
  throw new MetadataError('The continuation token is not one that this store gave.', {
    code: 'metadata_request_invalid',
    kind: 'permanent',
  });
}

function sortKeyIn(continuation: string): string | undefined {
  try {
    const { after } = JSON.parse(continuation);
    return typeof after === 'string' ? after : undefined;
  } catch {
    return undefined;
  }
}

/** The item as its writer wrote it. */
function itemOf({ PK, SK, ...attributes }: Attributes): MetadataItem {
  const own = Object.entries(fromAttributes(attributes)).filter(([name]) => !SYSTEM_ATTRIBUTES.has(name));
  return { PK: PK?.S ?? '', SK: SK?.S ?? '', ...Object.fromEntries(own) };
}

function nameOf({ PK, SK }: Pick<MetadataItem, 'PK' | 'SK'>): string {
  return `${JSON.stringify(PK)} / ${JSON.stringify(SK)}`;
}
