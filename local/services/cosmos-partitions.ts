import Items from '@vercel/cosmosdb-server/lib/account/items';

interface Item {
  readonly _rid: string;
  readonly PK?: unknown;
}

interface StoredItem {
  read(): Item | undefined;
}

interface Query {
  readonly query: string;
  readonly parameters?: readonly { readonly name: string; readonly value: unknown }[];
}

/** What is used of the emulator's containers (@vercel/cosmosdb-server 1.0.1, lib/account/items.js). */
interface Container {
  _data: Map<string, StoredItem>;
  _item(keyPath: string, value: string, partition: string | undefined): StoredItem;
  _set(item: Item): Item;
  delete(idOrRid: string, partition: string | undefined): void;
  query(query: Query, options: object): unknown;
}

type Partitions = Map<unknown, Map<string, StoredItem>>;

/** The items of each container by their PK. */
const partitionsOf = new WeakMap<Container, Partitions>();

const OF_ONE_PARTITION = 'c.PK = @partition';

let isInstalled = false;

/**
 * The emulator looks at every item of a container for every query. Most queries of the batch are of one partition: with this, they look at
 * its items only, as the service does, so that what a page costs does not grow with the years that others have behind them.
 */
export function lookAtOnePartition(): void {
  if (isInstalled) return;
  isInstalled = true;
  const container = Items.prototype as unknown as Container;
  const { _set: set, delete: remove, query } = container;

  container._set = function (this: Container, item) {
    const stored = set.call(this, item);
    const partitions: Partitions = partitionsOf.get(this) ?? new Map();
    partitionsOf.set(this, partitions);
    const items = partitions.get(item.PK) ?? new Map<string, StoredItem>();
    partitions.set(item.PK, items);
    const kept = this._data.get(item._rid);
    if (kept !== undefined) items.set(item._rid, kept);
    return stored;
  };

  container.delete = function (this: Container, idOrRid, partition) {
    const item = this._item('/id', idOrRid, partition).read();
    remove.call(this, idOrRid, partition);
    if (item !== undefined) partitionsOf.get(this)?.get(item.PK)?.delete(item._rid);
  };

  container.query = function (this: Container, params, options) {
    const partition = params.parameters?.find(({ name }) => name === '@partition')?.value;
    if (partition === undefined || !params.query.includes(OF_ONE_PARTITION)) return query.call(this, params, options);
    const all = this._data;
    // The query is over before anything else can look.
    this._data = partitionsOf.get(this)?.get(partition) ?? new Map();
    try {
      return query.call(this, params, options);
    } finally {
      this._data = all;
    }
  };
}
