/** One entry of an error's list. */
export interface ErrorDetail {
  readonly message: string;
  readonly domain: string;
  readonly reason: string;
  readonly location?: string;
  readonly locationType?: string;
}

/** What an answer says that is not a result: the inside of Google's envelope `{"error": …}`. */
export interface ApiError {
  readonly code: number;
  readonly message: string;
  readonly errors: readonly ErrorDetail[];
  readonly status?: string;
  readonly details?: readonly object[];
}

/** Thrown where a request turns out to be one that the API refuses. */
export class Refusal extends Error {
  constructor(readonly error: ApiError) {
    super(error.message);
  }
}

type Place = Pick<ErrorDetail, 'location' | 'locationType'>;

function apiError(
  code: number,
  detail: Pick<ErrorDetail, 'message' | 'domain' | 'reason'> & Place,
  more: Pick<ApiError, 'status' | 'details'> = {},
): ApiError {
  return { code, message: detail.message, errors: [detail], ...more };
}

function parameter(name: string): Place {
  return { location: name, locationType: 'parameter' };
}

const SERVICE = 'youtube.googleapis.com';
const ERROR_INFO = { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', domain: 'googleapis.com' };

// The messages, domains and reasons below are those that users of the real API report in public issue trackers.

export function missingKey(): ApiError {
  const message =
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";
  return apiError(403, { message, domain: 'global', reason: 'forbidden' }, { status: 'PERMISSION_DENIED' });
}

export function invalidKey(): ApiError {
  const message = 'API key not valid. Please pass a valid API key.';
  const details = [
    { ...ERROR_INFO, reason: 'API_KEY_INVALID', metadata: { service: SERVICE } },
    { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'en-US', message },
  ];
  return apiError(400, { message, domain: 'global', reason: 'badRequest' }, { status: 'INVALID_ARGUMENT', details });
}

/** The older form of {@link invalidKey}, which proxies and older front ends still answer with. */
export function keyInvalid(): ApiError {
  return apiError(400, { message: 'Bad Request', domain: 'usageLimits', reason: 'keyInvalid' });
}

export function accessNotConfigured(): ApiError {
  const url = `https://console.developers.google.com/apis/api/${SERVICE}/overview?project=123456789012`;
  const message = `YouTube Data API v3 has not been used in project 123456789012 before or it is disabled. Enable it by visiting ${url} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
  const details = [
    { ...ERROR_INFO, reason: 'SERVICE_DISABLED', metadata: { service: SERVICE, consumer: 'projects/123456789012' } },
  ];
  return apiError(
    403,
    { message, domain: 'usageLimits', reason: 'accessNotConfigured' },
    { status: 'PERMISSION_DENIED', details },
  );
}

/** A key that is restricted to other addresses, apps or APIs. */
export function keyBlocked(): ApiError {
  const message = 'Requests to this API youtube method youtube.api.v3.V3DataVideoService.List are blocked.';
  const details = [{ ...ERROR_INFO, reason: 'API_KEY_SERVICE_BLOCKED', metadata: { service: SERVICE } }];
  return apiError(403, { message, domain: 'global', reason: 'forbidden' }, { status: 'PERMISSION_DENIED', details });
}

export function quotaExceeded(): ApiError {
  const message =
    'The request cannot be completed because you have exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.';
  return apiError(403, { message, domain: 'youtube.quota', reason: 'quotaExceeded' });
}

/** 403 as documented for the API, or 429 as the newer front end answers. */
export function rateLimitExceeded(code: 403 | 429 = 403): ApiError {
  if (code === 403) {
    return apiError(403, { message: 'Rate Limit Exceeded', domain: 'usageLimits', reason: 'rateLimitExceeded' });
  }
  const message = `Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service '${SERVICE}' for consumer 'project_number:123456789012'.`;
  const details = [{ ...ERROR_INFO, reason: 'RATE_LIMIT_EXCEEDED', metadata: { service: SERVICE } }];
  return apiError(
    429,
    { message, domain: 'global', reason: 'rateLimitExceeded' },
    { status: 'RESOURCE_EXHAUSTED', details },
  );
}

export function backendError(code: 500 | 503 = 500): ApiError {
  const message = code === 500 ? 'Internal error encountered.' : 'The service is currently unavailable.';
  const status = code === 500 ? 'INTERNAL' : 'UNAVAILABLE';
  return apiError(code, { message, domain: 'global', reason: 'backendError' }, { status });
}

export function playlistNotFound(): ApiError {
  const message = "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.";
  return apiError(404, {
    message,
    domain: 'youtube.playlistItem',
    reason: 'playlistNotFound',
    ...parameter('playlistId'),
  });
}

export function invalidPageToken(): ApiError {
  const message = 'The request specifies an invalid page token.';
  return apiError(400, { message, domain: 'youtube.parameter', reason: 'invalidPageToken', ...parameter('pageToken') });
}

export function missingPart(): ApiError {
  return apiError(400, {
    message: 'Required parameter: part',
    domain: 'global',
    reason: 'required',
    ...parameter('part'),
  });
}

export function unknownPart(part: string): ApiError {
  return apiError(400, { message: `'${part}'`, domain: 'youtube.part', reason: 'unknownPart', ...parameter('part') });
}

export function missingFilter(filters: readonly string[]): ApiError {
  const message = `No filter selected. Expected one of: ${filters.join(', ')}`;
  const place = { location: 'parameters.', locationType: 'other' };
  return apiError(400, { message, domain: 'youtube.parameter', reason: 'missingRequiredParameter', ...place });
}

export function incompatibleParameters(filters: readonly string[]): ApiError {
  const message = `Incompatible parameters specified in the request: ${filters.join(', ')}`;
  const place = { location: 'parameters.', locationType: 'other' };
  return apiError(400, { message, domain: 'youtube.parameter', reason: 'incompatibleParameters', ...place });
}

/** More ids than one request may name. */
export function invalidFilters(): ApiError {
  const message = 'The request specifies an invalid filter parameter.';
  const place = { location: 'parameters.', locationType: 'other' };
  return apiError(400, { message, domain: 'youtube.parameter', reason: 'invalidFilters', ...place });
}

export function invalidParameter(name: string, message: string): ApiError {
  return apiError(400, { message, domain: 'global', reason: 'invalidParameter', ...parameter(name) });
}

export function unknownParameter(name: string): ApiError {
  const message = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;
  return apiError(400, { message, domain: 'global', reason: 'badRequest' }, { status: 'INVALID_ARGUMENT' });
}
