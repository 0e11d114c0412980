import fc from 'fast-check';
import { addDays } from '../../../shared/calendar';
import { judgeMessage } from '../../../shared/messages/contract';
import { objectsOf } from '../../../shared/messages/manifest';
import { folderMidnight, readMessageKey } from '../../../shared/messages/message-key';
import type { MetadataStore } from '../../../shared/ports/metadata-store';
import { type Corpus, corpusArbitrary } from '../../support/corpus';
import { ExportWorld, runDay, snapshot, TENANT } from '../../support/export-world';
import { quarantinedKeys, type Row, storedRows } from '../../support/published-rows';
import { watched } from '../../support/store-spies';

// What must hold for every corpus, whatever writers left in it.

async function worldOf(corpus: Corpus): Promise<ExportWorld> {
  const world = new ExportWorld({ zone: corpus.day.zone, shardMessages: 40 });
  for (const { key, body } of corpus.objects) await world.putMessage(key, body);
  return world;
}

/** The day's objects by the rules of the contract, found without planning, listing or sharding. */
function objectsOfDay({ day, objects }: Corpus): {
  exported: Map<string, string>;
  quarantined: Set<string>;
  duplicates: Set<string>;
} {
  const seen = new Set<string>();
  const exported = new Map<string, string>();
  const quarantined = new Set<string>();
  const duplicates = new Set<string>();
  for (const { key, body } of [...objects].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))) {
    const [, , user = '', room = '', , year, month, date] = key.split('/');
    const folder = `${year}/${month}/${date}`;
    const prefix = key.slice(0, key.lastIndexOf('/') + 1);
    const verdict = judgeMessage(readMessageKey(key, { user, room }, prefix, folderMidnight(folder)), body);
    if (verdict.placedMs < day.start || verdict.placedMs >= day.end) continue;
    if (verdict.kind === 'quarantined') quarantined.add(key);
    else {
      const known = `${user}/${room}/${verdict.message.messageId}`;
      if (seen.has(known)) duplicates.add(key);
      else exported.set(key, verdict.message.content);
      seen.add(known);
    }
  }
  return { exported, quarantined, duplicates };
}

describe('the export of any corpus', () => {
  it('accounts for every object, and the rows and quarantine entries are exactly the right ones', async () => {
    await fc.assert(
      fc.asyncProperty(corpusArbitrary(TENANT), async (corpus) => {
        const world = await worldOf(corpus);
        const expected = objectsOfDay(corpus);

        const { manifest } = await runDay(world.context(corpus.day.date));

        const { proof } = manifest;
        expect(proof.listed).toBe(proof.outside + proof.exported + proof.duplicates + proof.quarantined);
        expect(proof.duplicates).toBe(expected.duplicates.size);
        const rows = await storedRows(world.analytics, manifest.datasets.messages);
        expect(new Map(rows.map((row) => [row.storage_key, row.content]))).toEqual(expected.exported);
        expect(rows).toHaveLength(proof.exported);
        const users = await storedRows(world.analytics, manifest.datasets.users);
        expect(users.map(({ user_id: id }) => id).sort()).toEqual([...countBy(rows, 'user_id').keys()].sort());
        expect(new Map(users.map((user) => [user.user_id, Number(user.message_count)]))).toEqual(
          countBy(rows, 'user_id'),
        );
        expect(new Set(await quarantinedKeys(world.analytics, manifest))).toEqual(expected.quarantined);
      }),
      { numRuns: 60 },
    );
  });

  it('puts every object of three days in a row into exactly one of them', async () => {
    await fc.assert(
      fc.asyncProperty(corpusArbitrary(TENANT), async (corpus) => {
        const world = await worldOf(corpus);
        const dates = [-2, -1, 0, 1, 2, 3].map((days) => addDays(corpus.day.date, days));

        const proofs = [];
        for (const date of dates) proofs.push((await runDay(world.context(date))).manifest.proof);

        const accounted = proofs.reduce((sum, proof) => sum + proof.exported + proof.duplicates + proof.quarantined, 0);
        expect(accounted).toBe(corpus.objects.length);
      }),
      { numRuns: 25 },
    );
  });

  it('changes no byte and writes nothing the second time', async () => {
    await fc.assert(
      fc.asyncProperty(corpusArbitrary(TENANT), fc.boolean(), async (corpus, force) => {
        const world = await worldOf(corpus);
        const context = world.context(corpus.day.date);
        await runDay(context);
        const before = await snapshot(world.analytics);
        const calls: string[] = [];
        const watched = world.context(corpus.day.date, {
          analytics: writesOnly(world, calls),
          metadata: putsOnly(world, calls),
        });
        world.nowMs += 3_600_000;

        await runDay(watched, force);

        expect(calls).toEqual([]);
        expect(await snapshot(world.analytics)).toEqual(before);
      }),
      { numRuns: 25 },
    );
  });

  it('leaves nothing behind that the manifest does not name', async () => {
    await fc.assert(
      fc.asyncProperty(corpusArbitrary(TENANT), async (corpus) => {
        const world = await worldOf(corpus);

        const { manifest } = await runDay(world.context(corpus.day.date));

        const stored = new Set((await snapshot(world.analytics)).keys());
        stored.delete(`${TENANT}/analytics/_manifests/${corpus.day.date}.json`);
        expect(stored).toEqual(objectsOf(manifest));
      }),
      { numRuns: 25 },
    );
  });
});

function writesOnly(world: ExportWorld, calls: string[]) {
  return watched(world.analytics, ({ method, key }) => {
    if (method === 'write' || method === 'delete') calls.push(`${method} ${key}`);
  });
}

function putsOnly({ metadata }: ExportWorld, calls: string[]): MetadataStore {
  return {
    name: metadata.name,
    get: (partition, sortKey) => metadata.get(partition, sortKey),
    query: (query, continuation) => metadata.query(query, continuation),
    put: async (item) => void calls.push(`put ${item.PK} ${item.SK}`),
  };
}

function countBy(rows: readonly Row[], column: string): Map<unknown, number> {
  const counts = new Map<unknown, number>();
  for (const row of rows) counts.set(row[column], (counts.get(row[column]) ?? 0) + 1);
  return counts;
}
