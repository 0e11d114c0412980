/** One item: partition key, sort key and whatever else its writer put there. */
export interface MetadataItem {
  readonly PK: string;
  readonly SK: string;
  readonly [attribute: string]: unknown;
}

/** An item with the token of its version, for a conditional `put`. */
export interface VersionedItem {
  readonly item: MetadataItem;
  readonly version: string;
}

export interface MetadataPage {
  readonly items: readonly MetadataItem[];
  /** The token of the following page, absent on the last one. A page may be empty and still have a next one. */
  readonly next?: string;
}

export interface MetadataQuery {
  readonly partition: string;
  /** Only items whose SK begins with this. */
  readonly sortKeyPrefix?: string;
  /** Only items whose SK is one of these two or lies between them, by code points; in place of a prefix. */
  readonly sortKeyRange?: { readonly from: string; readonly to: string };
  /** Only these attributes besides PK and SK are returned; without it, all are. */
  readonly attributes?: readonly string[];
}

/**
 * The metadata table (Cosmos DB, DynamoDB), at the level of single requests. Items are known by PK and SK; what else a
 * service adds (ids, timestamps) is not in the returned items.
 *
 * Every method throws MetadataError; a missing table or database is `metadata_not_found`, of kind `configuration`.
 */
export interface MetadataStore {
  /** What this store is, for people; never a secret. */
  readonly name: string;

  get(partition: string, sortKey: string): Promise<VersionedItem | undefined>;

  /** Items of one partition in ascending order of SK, a page at a time. */
  query(query: MetadataQuery, continuation?: string): Promise<MetadataPage>;

  /**
   * Writes the whole item over what is there. `onlyIf`: `absent`, or the version that must be the one there now.
   * @throws MetadataError `metadata_precondition_failed` where `onlyIf` does not hold
   */
  put(item: MetadataItem, onlyIf?: 'absent' | { readonly version: string }): Promise<void>;
}
