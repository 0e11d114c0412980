import {
  cutOffCall,
  failCall,
  failNext,
  holdCall,
  htmlCall,
  rateLimitNext,
  resetCall,
  slowAnswers,
  unstableEtags,
} from '../../../local/youtube/rules';
import type { Rule } from '../../../local/youtube/switches';
import { newDatabase } from '../../support/postgres-databases';
import type { DatabaseSettings } from '../../support/services';
import type { YoutubeWorld } from '../../support/youtube-world';
import { expectCatalogue, oneChannel, UNITS, VIDEOS } from './one-channel';

// What goes wrong for a moment: the sync gets over it within its run, at the price of the requests that it made in vain.

let database: DatabaseSettings;
let world: YoutubeWorld;

beforeAll(async () => {
  database = await newDatabase('faults_mended');
});

afterEach(() => world.close());

interface Mended {
  readonly rules: readonly Rule[];
  /** Requests made in vain. */
  readonly extra: number;
  /** What the service asked to wait, in ms. */
  readonly asked?: number;
}

test.each<[what: string, mended: Mended]>([
  ['two 403 rateLimitExceeded', { rules: [rateLimitNext(2)], extra: 2 }],
  ['429 with Retry-After', { rules: [rateLimitNext(2, { code: 429, retryAfterSeconds: 7 })], extra: 2, asked: 7000 }],
  ['three 500 in a row', { rules: [failNext(3)], extra: 3 }],
  ['503 with Retry-After', { rules: [failCall(4, { code: 503, retryAfterSeconds: 30 })], extra: 1, asked: 30_000 }],
  ['a connection that is reset', { rules: [resetCall(3)], extra: 1 }],
  ['an answer that is cut off', { rules: [cutOffCall(5)], extra: 1 }],
  ['an answer of which only the head came', { rules: [cutOffCall(6, 0)], extra: 1 }],
  ['a page of HTML with 502', { rules: [htmlCall(2)], extra: 1 }],
  ['slow answers', { rules: [slowAnswers(40)], extra: 0 }],
  [
    'one of everything',
    { rules: [rateLimitNext(1), failCall(3), resetCall(5), cutOffCall(7), htmlCall(9), slowAnswers(5)], extra: 5 },
  ],
])('%s', async (_what, { rules, extra, asked }) => {
  world = await oneChannel(database);
  world.youtube.switches.add(...rules);

  const report = await world.runOne();

  expect(report).toMatchObject({ status: 'completed', videos: VIDEOS, quotaUnits: UNITS + extra });
  expect(report).not.toHaveProperty('notices');
  expect(world.unitsSpent).toBe(UNITS + extra);
  expect(await world.quota()).toMatchObject({ spent: UNITS + extra, reserved: 0 });
  await expectCatalogue(world);
  const waited = Math.max(0, ...world.clock.sleeps);
  expect(waited).toBeGreaterThanOrEqual(asked ?? (extra > 0 ? 1 : 0));
  expect(waited).toBeLessThanOrEqual((asked ?? 0) + 20_000);
});

test('an answer that never comes is given up, and asked for again', async () => {
  const held = holdCall(4);
  world = await oneChannel(database, { apiTimeoutMs: 400 });
  world.youtube.switches.add(held.rule);

  const report = await world.runOne();
  held.release();

  expect(report).toMatchObject({ status: 'completed', videos: VIDEOS, quotaUnits: UNITS + 1 });
  expect(world.logged).toContainEqual(
    expect.objectContaining({ level: 'warn', dimensions: expect.objectContaining({ error_code: 'youtube_timeout' }) }),
  );
  await expectCatalogue(world);
});

describe('etags', () => {
  test('that are stable save answers, and no unit', async () => {
    world = await oneChannel(database);
    await world.runOne();
    await world.pass();

    const report = await world.runOne();

    const again = world.youtube.quota.calls.slice(UNITS).filter(({ endpoint }) => endpoint === 'playlistItems');
    expect(report).toMatchObject({ status: 'completed', videos: VIDEOS, rowsWritten: 0, quotaUnits: UNITS });
    expect(again.map(({ status }) => status)).toEqual([304, 304, 304]);
    expect(world.unitsSpent).toBe(2 * UNITS);
  });

  test('that are others each time change neither what is found nor what it costs', async () => {
    world = await oneChannel(database);
    world.youtube.switches.add(unstableEtags());
    await world.runOne();
    await world.pass();
    world.catalogue.retitle('v0000000070', 'Another title');

    const report = await world.runOne();

    const sent = world.youtube.quota.calls.slice(UNITS).filter(({ ifNoneMatch }) => ifNoneMatch !== null);
    expect(sent.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(report).toMatchObject({ status: 'completed', videos: VIDEOS, rowsWritten: 1, quotaUnits: UNITS });
    await expectCatalogue(world);
  });
});
