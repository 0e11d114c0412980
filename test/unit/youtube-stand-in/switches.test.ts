import { type Answer, jsonAnswer } from '../../../local/youtube/answer';
import { backendError } from '../../../local/youtube/api-error';
import type { Call } from '../../../local/youtube/call';
import { Catalogue } from '../../../local/youtube/catalogue';
import { both, callsForPage, callsTo, callsWithKey, from, next, nth } from '../../../local/youtube/conditions';
import type { Endpoint } from '../../../local/youtube/endpoints';
import { answerError, cutOff, first } from '../../../local/youtube/faults';
import { pageToken } from '../../../local/youtube/page-token';
import { QuotaMeter } from '../../../local/youtube/quota';
import { type Condition, Switches } from '../../../local/youtube/switches';

function call(number: number, endpoint: Endpoint = 'videos', parameters: Record<string, string> = {}): Call {
  const query = new URLSearchParams(parameters);
  return { number, endpoint, key: 'k', query, ifNoneMatch: null, at: 0, status: null };
}

function exchange(one: Call) {
  const quota = new QuotaMeter({ units: 10, searches: 10 }, () => 0);
  return { call: one, catalogue: new Catalogue(), quota, stopping: new AbortController().signal };
}

const calls = [call(1, 'channels'), ...[2, 3, 4, 5, 6].map((number) => call(number))];

describe('a condition', () => {
  it.each<[string, Condition, number[]]>([
    ['the third call', nth(3), [3]],
    ['the second call to videos', nth(2, callsTo('videos')), [3]],
    ['from the fourth call on', from(4), [4, 5, 6]],
    ['from the second call to videos on', from(2, callsTo('videos')), [3, 4, 5, 6]],
    ['the next two calls to videos', next(2, callsTo('videos')), [2, 3]],
    ['calls with a key', callsWithKey('k'), [1, 2, 3, 4, 5, 6]],
    ['calls with another key', callsWithKey('other'), []],
    ['both of two', both(callsTo('videos'), next(3, callsWithKey('k'))), [2, 3, 4]],
  ])('holds for %s', (_name, condition, numbers) => {
    expect(calls.filter(condition).map(({ number }) => number)).toEqual(numbers);
  });

  it('tells the pages of an uploads list', () => {
    const pages = [0, 50, 100].map((position) =>
      call(1, 'playlistItems', {
        maxResults: '50',
        pageToken: position === 0 ? '' : pageToken({ position, backward: false }),
      }),
    );

    expect([1, 2, 3].map((number) => pages.filter(callsForPage(number)))).toEqual(pages.map((page) => [page]));
    expect([call(1), call(1, 'playlistItems', { pageToken: 'x' })].filter(callsForPage(1))).toEqual([]);
  });
});

describe('switches', () => {
  const whole = async (): Promise<Answer> => jsonAnswer(200, { kind: 'whole' });

  it('let all rules that hold happen, the first one outermost', async () => {
    const order: string[] = [];
    const switches = new Switches([
      { when: callsTo('videos'), fault: first(() => order.push('first')) },
      { when: callsTo('channels'), fault: first(() => order.push('never')) },
      { when: callsTo('videos'), fault: cutOff(0.25) },
      { when: callsTo('videos'), fault: answerError(backendError(503), 7) },
    ]);

    const answer = await switches.apply(exchange(call(1)), whole);

    expect(order).toEqual(['first']);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '7' }, ending: { kept: 0.25 } });
  });

  it('ask every rule about every call, whatever other rules do to it', async () => {
    const switches = new Switches([
      { when: next(1), fault: answerError(backendError(500)) },
      { when: nth(2), fault: answerError(backendError(503)) },
    ]);

    const statuses = [];
    for (const number of [1, 2, 3]) statuses.push((await switches.apply(exchange(call(number)), whole)).status);

    expect(statuses).toEqual([500, 503, 200]);
  });

  it('come and go', async () => {
    const [one, other] = [500, 503].map((code) => ({
      when: () => true,
      fault: answerError(backendError(code === 500 ? 500 : 503)),
    }));
    const switches = new Switches();
    const status = async () => (await switches.apply(exchange(call(1)), whole)).status;
    if (one === undefined || other === undefined) throw new Error('There are two rules.');

    const before = await status();
    switches.add(one, other);
    const both = await status();
    switches.remove(one);
    const left = await status();
    switches.clear();

    expect([before, both, left, await status()]).toEqual([200, 500, 503, 200]);
  });
});
