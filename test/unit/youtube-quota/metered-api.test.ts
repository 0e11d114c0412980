import { MetadataError, YoutubeError, type YoutubeErrorCode } from '../../../shared/errors';
import type { Log, LogDimensions } from '../../../shared/ports/log';
import type { YoutubeApi } from '../../../shared/ports/youtube-api';
import { meteredApi } from '../../../shared/youtube/metered-api';
import { QuotaLedger, type QuotaReservation } from '../../../shared/youtube/quota-ledger';
import { silentLog } from '../../support/silent-log';
import { SteppingClock } from '../../support/stepping-clock';
import { failureOf, NEXT_MIDNIGHT, NOON, quotaWorld } from './quota-world';

const transient = (code: YoutubeErrorCode) => new YoutubeError('Not now.', { code, kind: 'transient' });
const exceeded = () => new YoutubeError('The quota is exceeded.', { code: 'youtube_quota_exceeded', kind: 'quota' });

interface ScriptedApi extends YoutubeApi {
  readonly requests: unknown[][];
  /** Called before each request. */
  before: () => void;
}

/** An API each of whose requests takes the next of these answers: a value, or an error to fail with. The last one stays. */
function scripted(...answers: unknown[]): ScriptedApi {
  const requests: unknown[][] = [];
  const next = async (request: unknown[]) => {
    api.before();
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    if (answer instanceof Error) throw answer;
    return answer as never;
  };
  const api: ScriptedApi = {
    name: 'scripted',
    requests,
    before: () => undefined,
    channel: (...args) => next(['channel', ...args]),
    uploadsPage: (...args) => next(['uploadsPage', ...args]),
    videos: (...args) => next(['videos', ...args]),
  };
  return api;
}

async function metered(api: YoutubeApi, options: { readonly limit?: number; readonly log?: Log } = {}) {
  const { metadata } = quotaWorld();
  const clock = new SteppingClock(NOON);
  const random = () => 0.5;
  const ledger = new QuotaLedger({ metadata, clock, random, keyId: 'key-1', dailyLimit: options.limit ?? 10_000 });
  const reservation = await ledger.reserve('a', 10);
  const wrapped = meteredApi(api, reservation, { clock, random, log: options.log ?? silentLog });
  return { wrapped, reservation, ledger, clock };
}

describe('the metered API', () => {
  it('passes requests and answers through, a unit each', async () => {
    const answer = { unchanged: true };
    const api = scripted(answer);
    const { wrapped, reservation } = await metered(api);

    const answers = [
      await wrapped.channel({ handle: '@a' }, 'etag-1'),
      await wrapped.uploadsPage('UU1', 'page-2', 'etag-2'),
      await wrapped.videos(['v1', 'v2']),
    ];

    expect(answers).toEqual([answer, answer, answer]);
    expect(api.requests).toEqual([
      ['channel', { handle: '@a' }, 'etag-1'],
      ['uploadsPage', 'UU1', 'page-2', 'etag-2'],
      ['videos', ['v1', 'v2']],
    ]);
    expect(wrapped.name).toBe('scripted');
    expect(reservation.spent).toBe(3);
  });

  it('counts a request before it makes it', async () => {
    const api = scripted([]);
    const { wrapped, reservation } = await metered(api);
    const counted: number[] = [];
    api.before = () => void counted.push(reservation.spent);

    await wrapped.videos(['v1']);
    await wrapped.videos(['v2']);

    expect(counted).toEqual([1, 2]);
  });

  it('makes a request again after a transient failure, counts each try, and says so', async () => {
    const lines: LogDimensions[] = [];
    const log: Log = { ...silentLog, warn: (_message, dimensions = {}) => void lines.push(dimensions) };
    const api = scripted(transient('youtube_unavailable'), transient('youtube_rate_limited'), []);
    const { wrapped, reservation, clock } = await metered(api, { log });

    await wrapped.videos(['v1']);

    expect(reservation.spent).toBe(3);
    expect(lines).toEqual([
      { request: 'videos.list', error_code: 'youtube_unavailable', tries: 1, wait_ms: 500 },
      { request: 'videos.list', error_code: 'youtube_rate_limited', tries: 2, wait_ms: 1_000 },
    ]);
    expect(clock.sleeps).toEqual([500, 1_000]);
  });

  it('gives up after some tries with what the last one failed with, and has counted them all', async () => {
    const api = scripted(transient('youtube_timeout'));
    const { wrapped, reservation } = await metered(api);

    const error = await failureOf(wrapped.channel({ id: 'UC1' }));

    expect(error).toMatchObject({ code: 'youtube_timeout', kind: 'transient' });
    expect(api.requests.length).toBeGreaterThan(3);
    expect(reservation.spent).toBe(api.requests.length);
  });

  it.each<[YoutubeErrorCode, 'permanent' | 'configuration']>([
    ['youtube_channel_not_found', 'permanent'],
    ['youtube_key_invalid', 'configuration'],
    ['youtube_access_not_configured', 'configuration'],
  ])('never tries %s again, which has cost a unit all the same', async (code, kind) => {
    const failure = new YoutubeError('No.', { code, kind });
    const api = scripted(failure);
    const { wrapped, reservation, ledger } = await metered(api);

    const error = await failureOf(wrapped.channel({ id: 'UC1' }));

    expect(error).toBe(failure);
    expect(reservation.spent).toBe(1);
    expect(await ledger.state()).toMatchObject({ exhausted: false });
  });

  it('marks the day once the API says that the quota is exceeded, and makes no request after', async () => {
    const failure = exceeded();
    const api = scripted([], failure);
    const { wrapped, ledger } = await metered(api);
    await wrapped.videos(['v1']);

    const first = await failureOf(wrapped.videos(['v2']));
    const second = await failureOf(wrapped.videos(['v3']));

    expect(first).toBe(failure);
    expect(second).toMatchObject({ code: 'youtube_quota_spent' });
    expect(api.requests).toHaveLength(2);
    expect(await ledger.state()).toMatchObject({ exhausted: true, left: 0 });
  });

  it('does not hold the day before against the new one', async () => {
    const api = scripted(exceeded());
    const { wrapped, ledger, clock } = await metered(api);
    api.before = () => void clock.sleep(Date.parse(NEXT_MIDNIGHT) - NOON);

    const error = await failureOf(wrapped.videos(['v1']));

    expect(error).toMatchObject({ code: 'youtube_quota_exceeded' });
    expect(await ledger.state()).toMatchObject({ day: '2026-07-02', exhausted: false, left: 10_000 });
  });

  it('makes no request that the ledger refuses', async () => {
    const api = scripted([]);
    const { wrapped } = await metered(api, { limit: 10 });

    const results = await Promise.allSettled(Array.from({ length: 15 }, () => wrapped.videos(['v1'])));

    expect(api.requests).toHaveLength(10);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(5);
  });

  const down = () => new MetadataError('Down.', { code: 'metadata_unavailable', kind: 'transient' });
  const broken: QuotaReservation = {
    granted: 10,
    spent: 0,
    spend: async () => {
      throw down();
    },
    flush: async () => undefined,
    exhausted: async () => {
      throw down();
    },
    settle: async () => undefined,
  };

  it('passes on at once that the ledger cannot be used: its store has tried often enough', async () => {
    const api = scripted([]);
    const clock = new SteppingClock();
    const wrapped = meteredApi(api, broken, { clock, random: () => 0.5, log: silentLog });

    const error = await failureOf(wrapped.videos(['v1']));

    expect(error).toMatchObject({ code: 'metadata_unavailable' });
    expect(clock.sleeps).toEqual([]);
    expect(api.requests).toEqual([]);
  });

  it('passes on what the API said also where the ledger cannot be told of it, and logs that', async () => {
    const failure = exceeded();
    const lines: LogDimensions[] = [];
    const log: Log = { ...silentLog, warn: (_message, dimensions = {}) => void lines.push(dimensions) };
    const deaf = { ...broken, spend: async () => undefined };
    const wrapped = meteredApi(scripted(failure), deaf, { clock: new SteppingClock(), random: () => 0.5, log });

    const error = await failureOf(wrapped.videos(['v1']));

    expect(error).toBe(failure);
    expect(lines).toEqual([expect.objectContaining({ error_code: 'metadata_unavailable' })]);
  });
});
