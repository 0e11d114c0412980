import type { FailureKind, YoutubeErrorCode } from '../errors';

/** What a failure is to the batch. */
export interface Meaning {
  readonly code: YoutubeErrorCode;
  readonly kind: FailureKind;
  readonly advice?: string;
}

const CHECK_ADDRESS = 'Check YOUTUBE_API_URL, and what stands between this app and the API.';

export const QUOTA: Meaning = {
  code: 'youtube_quota_exceeded',
  kind: 'quota',
  advice:
    'The units of a key are renewed at midnight Pacific time; a sync after that goes on from here. More are asked for in ' +
    'the Google Cloud console, under the quotas of YouTube Data API v3.',
};

export const RATE_LIMITED: Meaning = { code: 'youtube_rate_limited', kind: 'transient' };

export const UNAVAILABLE: Meaning = { code: 'youtube_unavailable', kind: 'transient' };

export const TIMEOUT: Meaning = { code: 'youtube_timeout', kind: 'transient' };

const KEY_INVALID: Meaning = {
  code: 'youtube_key_invalid',
  kind: 'configuration',
  advice:
    'Set YOUTUBE_API_KEY, or the secret YOUTUBE-API-KEY in the key vault, to an API key of the Google Cloud console that ' +
    'has not been deleted and has not expired.',
};

const NOT_CONFIGURED: Meaning = {
  code: 'youtube_access_not_configured',
  kind: 'configuration',
  advice: "Enable YouTube Data API v3 in the key's project of the Google Cloud console, and wait some minutes.",
};

export const ACCESS_DENIED: Meaning = {
  code: 'youtube_access_denied',
  kind: 'configuration',
  advice:
    "Check the key's restrictions in the Google Cloud console (it must be allowed YouTube Data API v3 and the addresses " +
    'from which this app calls), and that what is asked for is public.',
};

export const CHANNEL_NOT_FOUND: Meaning = {
  code: 'youtube_channel_not_found',
  kind: 'configuration',
  advice:
    "Correct YOUTUBE_CHANNEL_IDS, or youtube_channel_ids in the tenant's registry entry: ids begin with UC, handles with @.",
};

export const PLAYLIST_NOT_FOUND: Meaning = {
  code: 'youtube_playlist_not_found',
  kind: 'permanent',
  advice: 'It is gone or private, or its channel has never had a public video.',
};

const PAGE_TOKEN_INVALID: Meaning = {
  code: 'youtube_page_token_invalid',
  kind: 'permanent',
  advice: 'The list has to be read again from its first page.',
};

export const REQUEST_INVALID: Meaning = {
  code: 'youtube_request_invalid',
  kind: 'permanent',
  advice: 'The reasons are explained at developers.google.com/youtube/v3/docs/errors.',
};

export const WRONG_ADDRESS: Meaning = { code: 'youtube_request_invalid', kind: 'configuration', advice: CHECK_ADDRESS };

export const ANSWER_INVALID: Meaning = { code: 'youtube_answer_invalid', kind: 'permanent', advice: CHECK_ADDRESS };

export const CONNECTION_LOST: Meaning = {
  code: 'youtube_connection_lost',
  kind: 'transient',
  advice: 'If this lasts, check YOUTUBE_API_URL and the way from this host to the API.',
};

export const CERTIFICATE_REFUSED: Meaning = {
  code: 'youtube_connection_lost',
  kind: 'configuration',
  advice: 'Check YOUTUBE_API_URL, and which certificate authorities this machine trusts.',
};

/**
 * By the reasons of the YouTube Data API and of Google's gateway before it, which say more than the status they come with
 * (developers.google.com/youtube/v3/docs/errors; cloud.google.com/apis/design/errors). A key that is wrong or has expired is a
 * `badRequest` whose details say `API_KEY_INVALID`.
 */
export const BY_REASON: ReadonlyMap<string, Meaning> = new Map(
  Object.entries({
    quotaExceeded: QUOTA,
    dailyLimitExceeded: QUOTA,
    rateLimitExceeded: RATE_LIMITED,
    userRateLimitExceeded: RATE_LIMITED,
    RATE_LIMIT_EXCEEDED: RATE_LIMITED,
    keyInvalid: KEY_INVALID,
    keyExpired: KEY_INVALID,
    API_KEY_INVALID: KEY_INVALID,
    // "Daily limit for unauthenticated use": the key did not arrive.
    dailyLimitExceededUnreg: KEY_INVALID,
    accessNotConfigured: NOT_CONFIGURED,
    SERVICE_DISABLED: NOT_CONFIGURED,
    channelNotFound: CHANNEL_NOT_FOUND,
    playlistNotFound: PLAYLIST_NOT_FOUND,
    invalidPageToken: PAGE_TOKEN_INVALID,
    backendError: UNAVAILABLE,
    internalError: UNAVAILABLE,
    SERVICE_UNAVAILABLE: UNAVAILABLE,
  }),
);
