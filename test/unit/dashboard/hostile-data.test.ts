import fc from 'fast-check';
import { reportHtml } from '../../../shared/operations/dashboard/report';
import { DashboardWorld, LAST_DAY } from '../../support/dashboard-world';

// Names and messages that somebody else wrote: a field of a message, a failure's text, whoever asked for a run.

const TAGS = /<\/?([a-z][a-z0-9]*)/g;

async function worldOf(evil: string): Promise<DashboardWorld> {
  const world = new DashboardWorld();
  await world.register('acme');
  const failure = { kind: 'permanent', code: evil, message: evil, stage: evil, tenant: evil } as const;
  await world.putDay('acme', LAST_DAY, {
    ...{ output_path: evil, manifest: evil, run: evil, time_zone: evil },
    last_failure: { ...failure, at: `${LAST_DAY}T18:00:00.000Z` },
    notices: {
      ...{ quarantine: { [evil]: 1 }, drift: { [evil]: 2 }, driftFirstSeen: { [evil]: evil } },
      ...{ driftUnnamed: 0, clockSkew: 0, replacedSurrogates: 0, late: 0 },
    },
  });
  await world.putRun({ run: evil, requested_by: evil, failures: [failure] });
  await world.putQuota(LAST_DAY, 3);
  return world;
}

async function pagesOf(world: DashboardWorld, evil: string): Promise<string[]> {
  const text = encodeURIComponent(evil);
  const queries = [
    '',
    `find=${text}&code=${text}`,
    `view=day&tenant=acme&date=${LAST_DAY}&code=${text}`,
    'view=tenant&tenant=acme',
    `view=run&run=${text}`,
    'view=youtube',
    `view=tenant&tenant=${text}`,
    `view=${text}&days=${text}`,
  ];
  const pages: string[] = [];
  for (const query of queries) pages.push((await world.get(query, { user: evil })).body);
  pages.push(await reportHtml(world.source, { days: 7, language: 'ja' }));
  return pages;
}

/** The elements of a page, in order: data can change their text, and nothing of them. */
function elementsOf(page: string): string[] {
  return [...page.matchAll(TAGS)].map(([tag]) => tag);
}

test('no text from data becomes markup, in any view', async () => {
  const plain = await pagesOf(await worldOf('plain'), 'plain');
  const evil = fc
    .tuple(
      fc.constantFrom('<script>', '</style><script>', '"><img src=x onerror=x>', "'onload=x'", '&lt;b&gt;<b>'),
      fc.string(),
    )
    .map(([tag, text]) => `x${tag}${text.replace(/[\s#]/g, '')}`.slice(0, 60));

  await fc.assert(
    fc.asyncProperty(evil, async (text) => {
      const pages = await pagesOf(await worldOf(text), text);

      expect(pages.map(elementsOf)).toEqual(plain.map(elementsOf));
      for (const page of pages) expect(page).not.toMatch(/<script|<img|<b>|="[^"<]*<|\sonerror=x(?!&gt;)/);
    }),
    { numRuns: 12 },
  );
});
