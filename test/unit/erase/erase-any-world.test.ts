import fc from 'fast-check';
import type { Manifest } from '../../../shared/messages/manifest';
import { TENANT } from '../../support/batch-world';
import { type Corpus, type CorpusObject, corpusArbitrary } from '../../support/corpus';
import { type Row, storedRows } from '../../support/published-rows';
import { EraseWorld, stringsIn, textsOf } from './erase-world';

// What must hold for every world, whatever writers left in it, and whichever user is erased.

const USERS = ['alice', 'a-b', 'ひろし x', 'user%20', 'café#?', '😀', 'nobody'];

async function publishedWorld(
  { day }: Corpus,
  objects: readonly CorpusObject[],
  shardMessages: number,
): Promise<EraseWorld> {
  const world = new EraseWorld({
    EXPORT_SHARD_MESSAGES: String(shardMessages),
    BUSINESS_TIME_ZONE: day.zone,
    TENANT_ID: TENANT,
  });
  world.nowMs = day.end + 3_600_000;
  for (const { key, body } of objects) await world.data.write(key, body, { contentType: 'application/json' });
  await world.run({ date: day.date });
  return world;
}

async function rowsOf(world: EraseWorld, { datasets }: Manifest): Promise<Record<string, readonly Row[]>> {
  const rows: Record<string, readonly Row[]> = {};
  for (const [name, parts] of Object.entries(datasets)) {
    const all = await storedRows(world.analytics, parts);
    // Which users share a shard depends on how many messages there are.
    rows[name] = [...all].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
  }
  return rows;
}

function placeOf({ user_id: user, room_id: room, storage_key: key }: Row): string {
  return [user, room, key].join('/');
}

/** The texts of messages that are long enough to be nobody else's by chance. */
function contentsOf(objects: readonly CorpusObject[]): string[] {
  const contents = objects.map((object) => (jsonOf(object) as { content?: unknown } | null)?.content);
  return contents
    .filter((text) => typeof text === 'string' && text.length > 8)
    .map((text) => String(text).toWellFormed());
}

function jsonOf({ body }: CorpusObject): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return null;
  }
}

test('erasing a user from any world leaves what there would be without them', async () => {
  await fc.assert(
    fc.asyncProperty(
      corpusArbitrary(TENANT, 20),
      fc.constantFrom(...USERS),
      fc.constantFrom(4, 40, 50_000),
      async (corpus, user, shardMessages) => {
        const prefix = `${TENANT}/chat/${user}/`;
        const others = corpus.objects.filter(({ key }) => !key.startsWith(prefix));
        const world = await publishedWorld(corpus, corpus.objects, shardMessages);
        const expected = await publishedWorld(corpus, others, shardMessages);

        const report = await world.erase(user);

        const { date } = corpus.day;
        const [after, without] = [await world.manifest(date), await expected.manifest(date)];
        const { summary, ...rows } = await rowsOf(world, after);
        const { summary: expectedSummary, ...expectedRows } = await rowsOf(expected, without);
        expect(rows).toEqual(expectedRows);
        const counted = ({ duplicate_count: _duplicates, ...row }: Row) => row;
        if (without.proof.exported > 0) expect(summary?.map(counted)).toEqual(expectedSummary?.map(counted));
        expect(after.proof).toMatchObject({ exported: without.proof.exported, quarantined: without.proof.quarantined });
        const { replacedSurrogates: _replaced, ...notices } = without.notices;
        expect(after.notices).toMatchObject(notices);
        expect(after.notices.drift).toEqual(notices.drift);
        await world.expectWholeDay(date);
        expect(report.days.reduce((sum, { rows: gone }) => sum + gone, 0)).toBe(
          report.days.length === 0 ? 0 : await exportedOf(corpus, user),
        );

        const ofOthers = new Set(
          others.flatMap((object) => stringsIn(jsonOf(object))).map((text) => text.toWellFormed()),
        );
        const own = contentsOf(corpus.objects.filter((object) => !others.includes(object)));
        const gone = new Set([user, ...own].filter((text) => !ofOthers.has(text)));
        for (const [key, texts] of await textsOf(world.analytics)) {
          const found = texts.filter((text) => gone.has(text) || text.includes(prefix));
          expect([key, found]).toEqual([key, []]);
        }
      },
    ),
    { numRuns: 12 },
  );
});

/** The rows that a user has where nobody else is. */
async function exportedOf(corpus: Corpus, user: string): Promise<number> {
  const own = corpus.objects.filter(({ key }) => key.startsWith(`${TENANT}/chat/${user}/`));
  const alone = await publishedWorld(corpus, own, 50_000);
  return (await alone.manifest(corpus.day.date)).proof.exported;
}
