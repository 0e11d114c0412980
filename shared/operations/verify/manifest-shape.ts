import { z } from 'zod';
import { DATASET_NAMES } from '../../messages/datasets';
import type { Manifest } from '../../messages/manifest';

const count = z.int().min(0);
const counts = z.record(z.string(), count);

const part = z.object({
  key: z.string().min(1),
  rows: count,
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const parts = z.array(part);

/** What is read of a manifest; one of a later version may have more. */
const shape = z.object({
  version: z.literal(1),
  tenant_id: z.string(),
  business_date: z.string(),
  time_zone: z.string(),
  day: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }),
  schema_version: z.int().min(1),
  contract_version: z.int().min(1),
  encoder: z.string(),
  compression: z.string(),
  input_digest: z.string(),
  proof: z.object({ listed: count, outside: count, exported: count, duplicates: count, quarantined: count }),
  datasets: z.object(Object.fromEntries(DATASET_NAMES.map((name) => [name, parts]))),
  quarantine: parts,
  notices: z.object({ quarantine: counts, drift: counts }),
  layout: z.array(z.string().regex(/^[01]*$/)).min(1),
  plan: z.string().min(1),
  shards: z.array(z.object({ shard: count, plan: z.string().min(1), result: z.string().min(1).optional() })),
});

/** A manifest as it was read, or what is wrong with it. */
export type ReadManifest = { readonly manifest: Manifest } | { readonly problem: string };

/** Reads a manifest's text, and sees that everything is there that a verification goes by. */
export function readManifest(text: string): ReadManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: `its ${text.length} characters are not JSON` };
  }
  const read = shape.safeParse(value);
  // The whole of it, not what the shape lets through: what a later version adds is part of it.
  if (read.success) return { manifest: value as Manifest };
  const [issue] = read.error.issues;
  return { problem: `${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'cannot be read'}` };
}
