import type { DatasetName } from './datasets';
import type { Proof } from './proof';
import type { ShardLayout } from './shard-layout';

/** An object that belongs to a published day. `bytes` is its size, `sha256` the digest of its content in hex. */
export interface PartRef {
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

/** A field that no contract knows, and how many messages had it. */
export type DriftCounts = Readonly<Record<string, number>>;

/** What was noticed about a day's messages, besides their rows. */
export interface Notices {
  /** Messages kept out, by reason code. */
  readonly quarantine: Readonly<Record<string, number>>;
  readonly drift: DriftCounts;
  /**
   * Of each field of `drift`, the time of the earliest message of the day that has it, as an ISO instant. Absent where there is no drift; a
   * field is absent that a shard counted before this was noted.
   */
  readonly driftFirstSeen?: Readonly<Record<string, string>>;
  /** The same, added up for the fields that `drift` has no room to name. */
  readonly driftUnnamed: number;
  /** Messages whose own timestamp is over a minute from the key's. */
  readonly clockSkew: number;
  /** Messages with a lone surrogate, which UTF-8 cannot hold, replaced by U+FFFD. */
  readonly replacedSurrogates: number;
  /** Messages of rooms that only the audit found. */
  readonly late: number;
  /** Messages in whose place a corrected copy stands; missing where there is none. */
  readonly repaired?: number;
  /** Corrected copies that are passed over because their originals have changed since, or are gone; missing where there is none. */
  readonly staleRepairs?: number;
}

/** A shard of a published day: enough to know without reading a message whether it would come out the same again. */
export interface PublishedShard {
  readonly shard: number;
  readonly plan: string;
  /** Missing where the shard's parts are no longer what came of reading its messages: some were erased since. */
  readonly result?: string;
}

/**
 * What makes a day published: the parts that it names are the day, and nothing else is. It holds nothing about when or where it
 * was made, so the same input gives the same bytes.
 */
export interface Manifest {
  readonly version: 1;
  readonly tenant_id: string;
  readonly business_date: string;
  readonly time_zone: string;
  /** The day's bounds as ISO instants: from `start`, up to but not including `end`. */
  readonly day: { readonly start: string; readonly end: string };
  readonly schema_version: number;
  readonly contract_version: number;
  readonly encoder: string;
  readonly compression: string;
  /** SHA-256 over the names and etags of the day's objects, in key order by shard. */
  readonly input_digest: string;
  readonly proof: Proof;
  readonly datasets: Readonly<Record<DatasetName, readonly PartRef[]>>;
  readonly quarantine: readonly PartRef[];
  readonly notices: Notices;
  readonly layout: ShardLayout;
  readonly plan: string;
  readonly shards: readonly PublishedShard[];
  /** How often users were erased from the day, be it from its working papers alone, since it was exported; missing where it never happened. */
  readonly erasures?: number;
}

/** A manifest as it is stored. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

/** The parts of a day's datasets and its quarantine files. */
export function partsOfDay({ datasets, quarantine }: Pick<Manifest, 'datasets' | 'quarantine'>): PartRef[] {
  return [...Object.values(datasets).flat(), ...quarantine];
}

/** The rows of parts. */
export function rowsOf(parts: readonly PartRef[]): number {
  return parts.reduce((sum, { rows }) => sum + rows, 0);
}

/** How many parts a day's datasets have, and their bytes. */
export function datasetFigures({ datasets }: Pick<Manifest, 'datasets'>): {
  readonly parts: number;
  readonly bytes: number;
} {
  const parts = Object.values(datasets).flat();
  return { parts: parts.length, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Every object that a manifest keeps alive; whatever else lies in the day's folders is an earlier run's. */
export function objectsOf(manifest: Manifest): Set<string> {
  const parts = partsOfDay(manifest);
  const papers = manifest.shards.flatMap(({ plan, result }) => (result === undefined ? [plan] : [plan, result]));
  return new Set([...parts.map(({ key }) => key), ...papers, manifest.plan]);
}

/**
 * Whether two manifests publish the same data. What lies outside the day is not part of it: in the hours after midnight the
 * neighbouring day's messages keep arriving in the folders that both share, and rooms without a message come and go.
 */
export function publishesTheSame(a: Manifest, b: Manifest): boolean {
  return JSON.stringify(dataOf(a)) === JSON.stringify(dataOf(b));
}

function dataOf({ plan: _plan, shards: _shards, proof, ...data }: Manifest): unknown {
  const { listed: _listed, outside: _outside, ...counts } = proof;
  return [data, counts];
}
