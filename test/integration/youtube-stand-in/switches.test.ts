import { keyInvalid } from '../../../local/youtube/api-error';
import { callsTo, everyCall } from '../../../local/youtube/conditions';
import { answerError, answerHtml, first } from '../../../local/youtube/faults';
import {
  apiNotEnabled,
  beforeEveryPage,
  beforePage,
  cutOffCall,
  failCall,
  failFrom,
  failNext,
  holdCall,
  htmlCall,
  quotaUsedUpAt,
  rateLimitNext,
  resetCall,
  slowAnswers,
} from '../../../local/youtube/rules';
import type { Rule } from '../../../local/youtube/switches';
import { numberedCatalogue, numberedVideo } from '../../support/youtube-catalogues';
import { addressOf, get, KEY, readUploads, standIn, stopAll } from './world';

const { channelId } = numberedCatalogue(0);
const channel = { part: 'id,snippet', id: channelId };

async function withSwitches(...switches: readonly Rule[]) {
  const { catalogue } = numberedCatalogue(100);
  const api = await standIn(catalogue, { switches });
  return { api, catalogue, call: () => get(api, 'channels', channel) };
}

describe('switches of the stand-in YouTube API', () => {
  afterEach(stopAll);

  it.each<[string, Rule, string[]]>([
    [
      'quota used up at a call',
      quotaUsedUpAt(3),
      ['200', '200', '403 quotaExceeded', '403 quotaExceeded', '403 quotaExceeded'],
    ],
    ['a rate limit', rateLimitNext(2), ['403 rateLimitExceeded', '403 rateLimitExceeded', '200', '200', '200']],
    [
      'a rate limit of the newer form',
      rateLimitNext(1, { code: 429 }),
      ['429 rateLimitExceeded', '200', '200', '200', '200'],
    ],
    ['the next calls failing', failNext(2), ['500 backendError', '500 backendError', '200', '200', '200']],
    ['one call failing', failCall(4, { code: 503 }), ['200', '200', '200', '503 backendError', '200']],
    ['all calls failing from one on', failFrom(4), ['200', '200', '200', '500 backendError', '500 backendError']],
    ['an API that is not enabled', apiNotEnabled(), Array(5).fill('403 accessNotConfigured')],
    ['any other error', { when: everyCall, fault: answerError(keyInvalid()) }, Array(5).fill('400 keyInvalid')],
    ['a condition', failNext(9, { condition: callsTo('videos') }), Array(5).fill('200')],
  ])('make %s', async (_name, rule, expected) => {
    const { call } = await withSwitches(rule);

    const answers = [];
    for (let times = 0; times < 5; times++) answers.push(await call());

    const reasons = answers.map(({ status, body }) =>
      [status, ...Object(body.error?.errors ?? []).map(reasonOf)].join(' '),
    );
    expect(reasons).toEqual(expected);
  });

  const reasonOf = ({ reason }: { readonly reason: string }) => reason;

  it('say when to come again', async () => {
    const { api, call } = await withSwitches(failNext(1, { code: 503, retryAfterSeconds: 3 }));
    api.switches.add(rateLimitNext(2, { retryAfterSeconds: 120 }));

    const waits = [await call(), await call()].map(({ headers }) => headers.get('retry-after'));

    expect(waits).toEqual(['3', '120']);
  });

  it('count the units that were spent before quota was used up', async () => {
    const { api, call } = await withSwitches(quotaUsedUpAt(3));

    for (let times = 0; times < 5; times++) await call();

    expect(api.quota.unitsSpent(KEY)).toBe(2);
    expect(api.quota.calls).toHaveLength(5);
  });

  it('reset connections, and count the call all the same', async () => {
    const { api, call } = await withSwitches(resetCall(1));

    const failure = await call().catch((error: Error) => error.cause);

    expect(failure).toMatchObject({ code: 'ECONNRESET' });
    expect((await call()).status).toBe(200);
    expect(api.quota.calls.map(({ status }) => status)).toEqual([null, 200]);
    expect(api.quota.unitsSpent(KEY)).toBe(2);
  });

  it.each([0, 0.5, 0.99])('cut answers off when %d of their body has come', async (kept) => {
    const { api } = await withSwitches(cutOffCall(1, kept));
    const answer = await fetch(addressOf(api, 'channels', channel));
    const whole = Number(answer.headers.get('content-length'));
    const chunks: Uint8Array[] = [];

    const reading = (async () => {
      for await (const chunk of answer.body ?? []) chunks.push(chunk);
    })();

    await expect(reading).rejects.toThrow();
    expect(Buffer.concat(chunks).length).toBeLessThan(whole);
  });

  it('answer with pages of HTML, of any status', async () => {
    const { api } = await withSwitches(htmlCall(1), { when: everyCall, fault: answerHtml(200) });

    const answers = [
      await fetch(addressOf(api, 'channels', channel)),
      await fetch(addressOf(api, 'channels', channel)),
    ];

    expect(answers.map(({ status }) => status)).toEqual([502, 200]);
    for (const answer of answers) {
      expect(answer.headers.get('content-type')).toContain('text/html');
      expect(await answer.text()).toContain('<!DOCTYPE html>');
    }
  });

  it('answer slowly', async () => {
    const { call } = await withSwitches(slowAnswers(60));
    const start = performance.now();

    const { status } = await call();

    expect(status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(55);
  });

  it('hold a call until it is released, and no other', async () => {
    const held = holdCall(1, callsTo('channels'));
    const { api, call } = await withSwitches(held.rule);
    const first = call();
    await held.reached;

    const other = await get(api, 'videos', { part: 'id', id: numberedVideo(1).id });
    const open = api.quota.callsTo('channels').map(({ status }) => status);
    held.release();

    expect([other.status, open, (await first).status]).toEqual([200, [null], 200]);
  });

  it('stop with calls that are held or slow, cutting them off', async () => {
    const held = holdCall(1);
    const { call } = await withSwitches(held.rule, slowAnswers(3_600_000));
    const answers = [call(), call()].map((answer) => answer.catch((error: Error) => error.message));
    await held.reached;

    await stopAll();

    expect(await Promise.all(answers)).toEqual(['fetch failed', 'fetch failed']);
  });

  it('let a video vanish between two pages, once', async () => {
    const { api, catalogue } = await withSwitches(beforePage(2, (all) => all.delete(numberedVideo(1).id)));

    const [shifted, whole] = [await readUploads(api, channelId), await readUploads(api, channelId)];

    expect(shifted).toHaveLength(99);
    expect(shifted).not.toContain(numberedVideo(51).id);
    expect(whole).toEqual(catalogue.uploads(channelId).map(({ id }) => id));
  });

  it('let a playlist grow while it is read', async () => {
    let number = 0;
    const growing = beforeEveryPage((all) => all.publish(numberedVideo(--number)));
    const { api, catalogue } = await withSwitches(growing);

    const ids = await readUploads(api, channelId);
    api.switches.remove(growing);

    expect(new Set(ids).size).toBeLessThan(ids.length);
    expect(await readUploads(api, channelId)).toEqual(catalogue.uploads(channelId).map(({ id }) => id));
  });

  it('list 20,000 items and no more', async () => {
    const { catalogue } = numberedCatalogue(20_003);
    const api = await standIn(catalogue);

    const ids = await readUploads(api, channelId, { fields: 'nextPageToken,items/contentDetails/videoId' });

    expect(ids).toHaveLength(20_000);
    expect(api.quota.unitsSpent(KEY)).toBe(400);
  });

  it('tell of a rule that is itself wrong when they stop', async () => {
    const { catalogue } = numberedCatalogue(1);
    const wrong = { when: everyCall, fault: first((all) => all.delete('nobody')) };
    const api = await standIn(catalogue, { switches: [wrong] });

    const answer = await fetch(addressOf(api, 'channels', channel));

    expect(answer.status).toBe(500);
    await expect(stopAll()).rejects.toThrow('expected the id of a video');
  });
});
