import { z } from 'zod';

/** What the API says about a request that it did not carry out. */
export interface ApiError {
  readonly message: string;
  /** Those of the YouTube Data API (`quotaExceeded`), then those of Google's gateway (`RATE_LIMIT_EXCEEDED`). */
  readonly reasons: readonly string[];
  /** The names of the limits that were met (`defaultPerDayPerProject`). */
  readonly limits: readonly string[];
}

/** As much of an API's text as a message shows, in UTF-16 units. */
const LONGEST_MESSAGE = 300;

const errorBody = z.object({
  error: z.object({
    message: z.string().catch(''),
    errors: z.array(z.object({ reason: z.string().catch('') })).catch([]),
    details: z
      .array(
        z.object({
          reason: z.string().catch(''),
          metadata: z.object({ quota_limit: z.string().catch('') }).catch({ quota_limit: '' }),
        }),
      )
      .catch([]),
  }),
});

/** Reads the body of an error (google.aip.dev/193, and the older `errors`); undefined where it is not the API's. */
export function readApiError(body: unknown): ApiError | undefined {
  const parsed = errorBody.safeParse(body);
  if (!parsed.success) return undefined;
  const { message, errors, details } = parsed.data.error;
  return {
    message: plainText(message),
    reasons: [...new Set([...errors, ...details].map(({ reason }) => reason).filter(isName))],
    limits: details.map(({ metadata }) => metadata.quota_limit).filter(isName),
  };
}

/**
 * Whether the limit that was met is one of a day. Such limits are answered with 429 and `rateLimitExceeded`, as those of a minute
 * are: only the limit's name, or the message ("… and limit 'Queries per day' of service …"), tells them apart.
 */
export function limitsADay({ limits, message }: ApiError): boolean {
  return limits.some((limit) => /per_?day/i.test(limit)) || /\blimit '[^']*\bper day'/i.test(message);
}

/** Without the links that the API puts into its texts, on one line. */
function plainText(message: string): string {
  const text = message
    .slice(0, 4 * LONGEST_MESSAGE)
    .replace(/<[^<>]*>/g, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return (text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text).toWellFormed();
}

/** Reasons and limits are words; anything else is not repeated. */
function isName(text: string): boolean {
  return /^\w{1,100}$/.test(text);
}
