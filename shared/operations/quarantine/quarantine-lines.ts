import type { Manifest, PartRef } from '../../messages/manifest';
import type { QuarantineEntry } from '../../messages/quarantine-file';
import type { ObjectStore } from '../../ports/object-store';

/** What of a quarantine file is in memory at a time, in bytes. */
const CHUNK = 4 * 1024 * 1024;

/** The lines of a published day's quarantine files, in the order of its shards and there in key order. */
export async function* quarantineLines(
  analytics: ObjectStore,
  { quarantine }: Pick<Manifest, 'quarantine'>,
): AsyncGenerator<QuarantineEntry, void, undefined> {
  for (const part of quarantine) {
    for await (const line of linesOf(analytics, part)) yield JSON.parse(line) as QuarantineEntry;
  }
}

/** A message's line; undefined where the published day has it not in quarantine. */
export async function quarantineLine(
  analytics: ObjectStore,
  manifest: Pick<Manifest, 'quarantine'>,
  key: string,
): Promise<QuarantineEntry | undefined> {
  for await (const entry of quarantineLines(analytics, manifest)) if (entry.key === key) return entry;
  return undefined;
}

async function* linesOf(analytics: ObjectStore, { key, bytes }: PartRef): AsyncGenerator<string, void, undefined> {
  const utf8 = new TextDecoder();
  let rest = '';
  for (let offset = 0; offset < bytes; offset += CHUNK) {
    const length = Math.min(CHUNK, bytes - offset);
    const { body } = await analytics.read(key, { range: { offset, length } });
    const lines = (rest + utf8.decode(body, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
