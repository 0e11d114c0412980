import type { ExportContext } from '../../messages/export-context';
import type { Manifest, PartRef } from '../../messages/manifest';
import type { QuarantineEntry } from '../../messages/quarantine-file';
import type { ObjectStore } from '../../ports/object-store';
import { type Finding, finding, runAgain } from './findings';

/** What of a file is read at a time, in bytes. */
const CHUNK = 4 * 1024 * 1024;
const LINE_END = 0x0a;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The entries of a quarantine file, one by one.
 *
 * @throws SyntaxError, TypeError where a line is no entry
 */
export async function* quarantineEntries(
  store: ObjectStore,
  { key, bytes }: PartRef,
): AsyncGenerator<QuarantineEntry, void, undefined> {
  let rest = new Uint8Array(0);
  for (let offset = 0; offset < bytes; offset += CHUNK) {
    const { body } = await store.read(key, { range: { offset, length: Math.min(CHUNK, bytes - offset) } });
    const text = Buffer.concat([rest, body]);
    let begin = 0;
    for (let end = text.indexOf(LINE_END); end >= 0; end = text.indexOf(LINE_END, begin)) {
      yield entryOf(text.subarray(begin, end));
      begin = end + 1;
    }
    rest = Uint8Array.from(text.subarray(begin));
  }
  if (rest.length > 0) throw new TypeError('The last line has no end.');
}

function entryOf(line: Uint8Array): QuarantineEntry {
  const entry = JSON.parse(utf8.decode(line)) as Partial<QuarantineEntry> | null;
  if (typeof entry?.key !== 'string' || typeof entry.reason !== 'string')
    throw new TypeError('It has no key or reason.');
  return entry as QuarantineEntry;
}

/** Counts the lines of a day's quarantine files, by file and by reason. @param broken files that are known not to be what was published */
export async function quarantineFindings(
  { analytics, tenant, day }: ExportContext,
  { quarantine, notices }: Manifest,
  broken: ReadonlySet<string>,
): Promise<Finding[]> {
  if (quarantine.some(({ key }) => broken.has(key))) return [];
  const anew = runAgain(tenant, day.date, 'force');
  const findings: Finding[] = [];
  const byReason = new Map<string, number>();
  for (const part of quarantine) {
    const lines = await countLines(analytics, part, byReason);
    if (lines === part.rows) continue;
    const found = typeof lines === 'number' ? `has ${lines} lines, expected ${part.rows}` : lines;
    findings.push(finding('quarantine_broken', `${part.key} ${found}.`, anew));
  }
  if (findings.length > 0) return findings;
  const differing = [...new Set([...byReason.keys(), ...Object.keys(notices.quarantine)])].filter(
    (reason) => byReason.get(reason) !== notices.quarantine[reason],
  );
  const told = differing.map(
    (reason) => `${byReason.get(reason) ?? 0} lines for ${reason}, expected ${notices.quarantine[reason] ?? 0}`,
  );
  return told.length === 0 ? [] : [finding('quarantine_broken', `The quarantine files have ${told.join('; ')}.`, anew)];
}

/** @returns the lines, or what is wrong with the file */
async function countLines(store: ObjectStore, part: PartRef, byReason: Map<string, number>): Promise<number | string> {
  let lines = 0;
  try {
    for await (const { reason } of quarantineEntries(store, part)) {
      lines += 1;
      byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
    }
    return lines;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return `cannot be read in line ${lines + 1}`;
    throw error;
  }
}
