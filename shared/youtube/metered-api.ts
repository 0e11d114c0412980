import { YoutubeError } from '../errors';
import { errorDimensions } from '../logging/error-dimensions';
import type { Clock } from '../ports/clock';
import type { Log } from '../ports/log';
import type { YoutubeApi } from '../ports/youtube-api';
import { type RetryPolicy, retrying } from '../retry/retry';
import { pacificDay } from './quota-day';
import type { QuotaReservation } from './quota-ledger';

/** Every try costs a unit, so that there are fewer than elsewhere; the rate is limited by the minute, which these waits can fill. */
const POLICY: RetryPolicy = { maxTries: 6, baseDelayMs: 1_000, maxDelayMs: 20_000, maxRetryAfterMs: 60_000 };

export interface MeteredApiOptions {
  readonly clock: Clock;
  /** From 0 to below 1, for the jitter of waits. */
  readonly random: () => number;
  readonly log: Log;
}

/** How a try ended that must not be followed by another one, whatever kind its error is of. */
interface Refused {
  readonly refusal: unknown;
}

/**
 * The API within a reservation: each try of each request is counted before it is made, and one that fails with something transient is made
 * again. Once the API says that the quota is exceeded, the reservation is told and the failure passed on.
 *
 * Beside what the port says, calls throw YoutubeError `youtube_quota_spent`, and MetadataError where the ledger cannot be used; such a
 * request was not made.
 */
export function meteredApi(api: YoutubeApi, reservation: QuotaReservation, options: MeteredApiOptions): YoutubeApi {
  const { clock, random, log } = options;

  const call = async <T>(request: string, make: () => Promise<T>): Promise<T> => {
    const attempt = async (): Promise<{ readonly answer: T } | Refused> => {
      // The ledger's store has its own retries: what comes through them is not tried once more here.
      const refused = await reservation.spend().then(
        () => undefined,
        (refusal: unknown) => ({ refusal }),
      );
      if (refused !== undefined) return refused;
      const countedFor = pacificDay(clock.now());
      try {
        return { answer: await make() };
      } catch (error) {
        if (isQuotaExceeded(error)) await markExhausted(reservation, countedFor, options);
        throw error;
      }
    };
    const result = await retrying(attempt, {
      clock,
      random,
      policy: POLICY,
      onRetry: ({ error, tries, waitMs }) =>
        log.warn('A request of the YouTube API is made again.', {
          request,
          error_code: error.code,
          tries,
          wait_ms: waitMs,
        }),
    });
    if ('refusal' in result) throw result.refusal;
    return result.answer;
  };

  return {
    name: api.name,
    channel: (name, etag) => call('channels.list', () => api.channel(name, etag)),
    uploadsPage: (playlistId, pageToken, etag) =>
      call('playlistItems.list', () => api.uploadsPage(playlistId, pageToken, etag)),
    videos: (ids) => call('videos.list', () => api.videos(ids)),
  };
}

function isQuotaExceeded(error: unknown): boolean {
  return error instanceof YoutubeError && error.code === 'youtube_quota_exceeded';
}

async function markExhausted(reservation: QuotaReservation, countedFor: string, options: MeteredApiOptions) {
  // An answer that comes after midnight speaks of the day before: the new day's quota is whole.
  if (pacificDay(options.clock.now()) !== countedFor) return;
  try {
    await reservation.exhausted();
  } catch (error) {
    // Without the mark others ask the API in vain, and learn it so; what must be passed on is the API's own answer.
    options.log.warn('The quota ledger could not be told that the quota is exceeded.', errorDimensions(error));
  }
}
