import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Answer, errorAnswer, htmlAnswer, jsonAnswer, sendAnswer, withEtag } from './answer';
import { invalidKey, missingKey, quotaExceeded, Refusal } from './api-error';
import type { Call } from './call';
import type { Catalogue } from './catalogue';
import { answerOf, type Endpoint, isEndpoint } from './endpoints';
import { etagOf, matchesEtag } from './etag';
import { QuotaMeter } from './quota';
import { type Exchange, type Rule, Switches } from './switches';

export interface YoutubeApiOptions {
  readonly catalogue: Catalogue;
  /** The keys that are good. Each has a quota of its own. */
  readonly apiKeys: readonly string[];
  /** Units per key and Pacific day; 10,000 if not given. */
  readonly dailyQuota?: number;
  /** Calls of `search` per key and Pacific day; 100 if not given. */
  readonly dailySearches?: number;
  readonly host?: string;
  /** 0, as if not given, is a free one. */
  readonly port?: number;
  /** Epoch ms: decides the Pacific day. */
  readonly now?: () => number;
  /** Rules that are in force from the start; more can come and go while it runs. */
  readonly switches?: readonly Rule[];
}

/** What was asked and spent. A call is charged one unit whatever its answer, but for one that is refused for its key or for lack of quota. */
export interface QuotaCount {
  /** Since the start, on all days; searches are counted apart. */
  unitsSpent(key: string): number;
  /** On the Pacific day that it is now. */
  unitsSpentToday(key: string): number;
  /** Every call, in order of arrival. */
  readonly calls: readonly Call[];
  callsTo(endpoint: Endpoint): readonly Call[];
}

export interface YoutubeApiStandIn {
  /** `http://127.0.0.1:PORT/`, for `YOUTUBE_API_URL`. */
  readonly url: string;
  readonly quota: QuotaCount;
  /** Can be changed while it runs. */
  readonly switches: Switches;
  /** Can be changed while it runs. */
  readonly catalogue: Catalogue;
  /** Cuts off what is open. @throws what a rule threw, which is a defect of the test that made it */
  stop(): Promise<void>;
}

type OpenCall = { -readonly [Name in keyof Call]: Call[Name] };

/**
 * A YouTube Data API on this machine: `channels`, `playlistItems`, `videos` and `search` below `/youtube/v3/`, with the answers,
 * errors, paging, etags and quota of the real one.
 */
export async function startYoutubeApi(options: YoutubeApiOptions): Promise<YoutubeApiStandIn> {
  const { catalogue, apiKeys, host = '127.0.0.1', port = 0, now = Date.now } = options;
  const limits = { units: options.dailyQuota ?? 10_000, searches: options.dailySearches ?? 100 };
  const quota = new QuotaMeter(limits, now);
  const switches = new Switches(options.switches);
  const calls: OpenCall[] = [];
  const defects: unknown[] = [];
  const stopping = new AbortController();

  async function answer(request: IncomingMessage): Promise<Answer> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const endpoint = url.pathname.replace(/^\/youtube\/v3\//, '');
    if (request.method !== 'GET' || !isEndpoint(endpoint)) return htmlAnswer(404);
    const call = openCall(request, endpoint, url.searchParams, calls.length + 1, now());
    calls.push(call);
    const core = admission(call, apiKeys, quota) ?? (async () => endpointAnswer(call, catalogue));
    const exchange: Exchange = { call, catalogue, quota, stopping: stopping.signal };
    const final = unchangedAnswer(await switches.apply(exchange, core), call);
    if (final.ending !== 'reset') call.status = final.status;
    return final;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      sendAnswer(await answer(request), response);
    } catch (error) {
      if (stopping.signal.aborted) return;
      defects.push(error);
      sendAnswer(htmlAnswer(500), response);
    }
  }

  const server = createServer((request, response) => void serve(request, response));
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  const listening = typeof address === 'object' && address !== null ? address.port : port;

  return {
    url: `http://${host}:${listening}/`,
    catalogue,
    switches,
    quota: {
      unitsSpent: (key) => quota.unitsSpent(key),
      unitsSpentToday: (key) => quota.unitsSpentToday(key),
      calls,
      callsTo: (endpoint) => calls.filter((call) => call.endpoint === endpoint),
    },
    stop: async () => {
      stopping.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      if (defects.length > 0) throw defects[0];
    },
  };
}

function openCall(
  { headers }: IncomingMessage,
  endpoint: Endpoint,
  parameters: URLSearchParams,
  number: number,
  at: number,
): OpenCall {
  const query = new URLSearchParams(parameters);
  const header = headers['x-goog-api-key'];
  const key = query.get('key') ?? (typeof header === 'string' ? header : null);
  query.delete('key');
  return { number, endpoint, key: key || null, query, ifNoneMatch: headers['if-none-match'] ?? null, at, status: null };
}

/** The refusal of a call whose key is not good or has no quota left. A call that is let in is charged. */
function admission(
  { key, endpoint }: Call,
  apiKeys: readonly string[],
  quota: QuotaMeter,
): (() => Promise<Answer>) | undefined {
  if (key === null) return async () => errorAnswer(missingKey());
  if (!apiKeys.includes(key)) return async () => errorAnswer(invalidKey());
  if (!quota.charge(key, endpoint)) return async () => errorAnswer(quotaExceeded());
  return undefined;
}

function endpointAnswer({ endpoint, query }: Call, catalogue: Catalogue): Answer {
  try {
    const body = answerOf(endpoint, query, catalogue);
    return withEtag(jsonAnswer(200, body), etagOf(body));
  } catch (error) {
    if (error instanceof Refusal) return errorAnswer(error.error);
    throw error;
  }
}

/** 304 in place of an answer whose etag the caller already has. */
function unchangedAnswer(answer: Answer, { ifNoneMatch }: Call): Answer {
  const { etag } = answer.headers;
  if (answer.status !== 200 || ifNoneMatch === null || etag === undefined || !matchesEtag(ifNoneMatch, etag))
    return answer;
  return { status: 304, headers: { etag }, body: '', ending: answer.ending };
}
