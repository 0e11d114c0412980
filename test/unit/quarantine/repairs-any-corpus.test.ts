import fc from 'fast-check';
import { InputDigest } from '../../../shared/messages/input-digest';
import { repairsFolder } from '../../../shared/messages/output-paths';
import { allObjects } from '../../../shared/messages/pages';
import { saveRepair } from '../../../shared/operations/quarantine/save-repair';
import { corpusArbitrary } from '../../support/corpus';
import { ExportWorld, runDay, snapshot, TENANT } from '../../support/export-world';
import { quarantinedKeys, storedRows } from '../../support/published-rows';
import { DAY } from '../messages/samples';
import { keyOf } from './quarantine-world';

const corrected = (id: string) => Buffer.from(JSON.stringify({ message_id: id, role: 'user', content: `copy ${id}` }));

test('whatever a day holds and whichever of its messages are corrected, each comes in once, and taking the copies back restores the day', async () => {
  let repaired = 0;
  await fc.assert(
    fc.asyncProperty(
      corpusArbitrary(TENANT, 20),
      fc.array(fc.nat(3), { minLength: 20, maxLength: 20 }),
      async (corpus, chosen) => {
        const world = new ExportWorld({ zone: corpus.day.zone, shardMessages: 8 });
        for (const { key, body } of corpus.objects) await world.putMessage(key, body);
        const context = world.context(corpus.day.date);
        const { manifest: before } = await runDay(context);
        const untouched = await snapshot(world.analytics);
        const kept = await quarantinedKeys(world.analytics, before);
        const keys = kept.filter((_key, at) => (chosen[at] ?? 0) > 0);
        repaired += keys.length;

        for (const [at, key] of keys.entries()) await saveRepair(context, keyOf(key), corrected(`corrected-${at}`));
        const { manifest: after } = await runDay(context);

        expect(after.proof).toEqual({
          ...before.proof,
          exported: before.proof.exported + keys.length,
          quarantined: before.proof.quarantined - keys.length,
        });
        expect(after.notices.repaired ?? 0).toBe(keys.length);
        expect(after.input_digest).toBe(before.input_digest);
        expect(await quarantinedKeys(world.analytics, after)).toEqual(kept.filter((key) => !keys.includes(key)));
        const rows = await storedRows(world.analytics, after.datasets.messages);
        for (const [at, key] of keys.entries()) {
          const found = rows.filter(({ storage_key }) => storage_key === key);
          expect(found).toMatchObject([{ message_id: `corrected-${at}`, content: `copy corrected-${at}` }]);
        }

        const repairedDay = await snapshot(world.analytics);
        await runDay(context, true);
        expect(await snapshot(world.analytics)).toEqual(repairedDay);

        const repairs = [];
        for await (const { key } of allObjects(world.analytics, repairsFolder(TENANT, corpus.day.date)))
          repairs.push(key);
        for (const key of repairs) await world.analytics.delete(key);
        await runDay(context);
        expect(await snapshot(world.analytics)).toEqual(untouched);
      },
    ),
    { numRuns: 10 },
  );
  expect(repaired).toBeGreaterThan(3);
});

test('a shard without corrected copies has the fingerprint that it had before there were any', () => {
  const options = {
    encoder: 'arrow',
    compression: 'ZSTD',
    readConcurrency: 1,
    shardMessages: 1,
    auditShare: 0,
  } as const;
  const how = { tenant: TENANT, day: DAY, options: { ...options, temporaryFolder: '' } };
  const repair = { key: 'k', etag: 'e', sha256: 's', bytes: 1, at: 'a' };
  const fingerprint = (...repairs: Parameters<InputDigest['finish']>[2][]) =>
    new InputDigest().finish(how, [], ...repairs).fingerprint;

  expect(fingerprint([])).toBe(fingerprint());
  const others = [[repair], [{ ...repair, etag: 'f' }], [{ ...repair, sha256: 't' }], [{ ...repair, key: 'l' }]];
  expect(new Set([fingerprint(), ...others.map((each) => fingerprint(each))]).size).toBe(5);
});
