import { z } from 'zod';
import { BatchError, type BatchErrorOptions, InputError } from '../../shared/errors';
import type { BackfillReport } from '../../shared/operations/backfill/backfill-report';
import type { BackfillRequest } from '../../shared/operations/backfill/backfill-request';
import type { BackfillPreview } from '../../shared/operations/backfill/preview-backfill';
import type { Secret } from '../../shared/secret';

/** A call of the app's HTTP functions that came to nothing. Never holds the key. */
export class BatchApiError extends BatchError {}

export interface BatchApiOptions {
  /** `https://app.azurewebsites.net`, without `/api`. */
  readonly url: string;
  readonly key: Secret;
  readonly fetch: typeof fetch;
}

/** How a backfill stands, as `GET /api/runs/{id}` tells. */
export interface BackfillState {
  readonly status: 'running' | 'completed' | 'partial' | 'failed' | 'terminated';
  readonly progress?: {
    readonly days: number;
    readonly done: number;
    readonly failed: number;
    readonly current: readonly string[];
  };
  readonly report?: BackfillReport;
}

/** Estimating reads records of every tenant; a function may take as long before Azure's front end gives up. */
const PREVIEW_MS = 230_000;
const CALL_MS = 60_000;

const link = z.looseObject({ id: z.string() });
const parts = z.object({ compute: z.number(), storage: z.number(), metadata: z.number() });
const preview = z.looseObject({
  tenantDays: z.object({ toDo: z.number(), published: z.number(), notBegun: z.number() }),
  estimate: z.looseObject({ messages: z.number(), requests: z.number(), seconds: z.number(), usd: z.number(), parts }),
});
const state = z.looseObject({
  status: z.enum(['running', 'completed', 'partial', 'failed', 'terminated']),
  progress: z
    .looseObject({ days: z.number(), done: z.number(), failed: z.number(), current: z.array(z.string()) })
    .optional()
    .catch(undefined),
});

/** The HTTP functions of the app, called with its key. */
export class BatchApi {
  readonly url: string;
  readonly #options: BatchApiOptions;

  /** @throws InputError where the URL is none, or would send the key over the network unencrypted */
  constructor(options: BatchApiOptions) {
    this.#options = options;
    this.url = baseOf(options.url);
  }

  /** What a backfill would do. @throws BatchApiError, InputError */
  async preview(request: BackfillRequest): Promise<BackfillPreview> {
    const answer = await this.#post({ ...bodyOf(request), dryRun: true }, PREVIEW_MS);
    return parsed(this.url, preview, answer.body) as unknown as BackfillPreview;
  }

  /** Starts a backfill, or finds the same one under way. @throws BatchApiError, InputError */
  async start(request: BackfillRequest): Promise<{ readonly id: string; readonly isNew: boolean }> {
    const answer = await this.#post(bodyOf(request), CALL_MS);
    return { id: parsed(this.url, link, answer.body).id, isNew: answer.status !== 409 };
  }

  /** @throws BatchApiError */
  async state(id: string): Promise<BackfillState> {
    const answer = await this.#call(`/api/runs/${encodeURIComponent(id)}`, {}, CALL_MS);
    return parsed(this.url, state, answer.body) as BackfillState;
  }

  #post(body: object, timeoutMs: number): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    return this.#call('/api/backfills', { method: 'POST', headers, body: JSON.stringify(body) }, timeoutMs);
  }

  async #call(path: string, init: RequestInit, timeoutMs: number): Promise<Answer> {
    const { key, fetch } = this.#options;
    const headers = { ...init.headers, 'x-functions-key': key.reveal() };
    let status: number;
    let text: string;
    try {
      // A redirect would take the key to wherever it points.
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(`${this.url}${path}`, { ...init, headers, redirect: 'error', signal });
      status = response.status;
      text = await response.text();
    } catch (error) {
      throw unreachable(this.url, error);
    }
    const body = jsonOf(text);
    const problem = problemOf(this.url, path, status, body);
    if (problem !== undefined) throw problem;
    return { status, body };
  }
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function bodyOf({ from, to, tenants, concurrency, force }: BackfillRequest): object {
  return { from, to, concurrency, force, ...(tenants === undefined ? {} : { tenants }) };
}

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]'];

function baseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOCAL_HOSTS.includes(url.hostname));
  if (url === undefined || !isHttp || url.username !== '' || url.password !== '' || url.search !== '') {
    throw new InputError({ url: 'expected the address of the function app, such as https://app.azurewebsites.net' });
  }
  return `${url.origin}${url.pathname.replace(/(\/api)?\/*$/, '')}`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed<Shape>(url: string, shape: z.ZodType<Shape>, body: unknown): Shape {
  const result = shape.safeParse(body);
  if (result.success) return result.data;
  const where = result.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new BatchApiError(
    `${url} answers with something else than the batch would (${where === '' ? 'no JSON object' : where}).`,
    {
      code: 'api_answer_invalid',
      kind: 'configuration',
    },
  );
}

/** Why an answer is none to go on with; undefined where it is. A run that failed is answered with 500 and its state. */
function problemOf(url: string, path: string, status: number, body: unknown): Error | undefined {
  const {
    fields,
    failure,
    status: runStatus,
  } = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const failed = (message: string, code: string, kind: BatchErrorOptions['kind']) =>
    new BatchApiError(message, { code, kind });
  if (status === 200 || status === 202 || status === 409 || (status === 500 && typeof runStatus === 'string'))
    return undefined;
  if (status === 400 && typeof fields === 'object' && fields !== null)
    return new InputError(fields as Record<string, string>);
  if (status === 401 || status === 403)
    return failed(
      `${url} refuses the key in BATCH_KEY (${status}): give it a function key or host key of the app.`,
      'api_access_denied',
      'configuration',
    );
  if (status === 404)
    return failed(
      `${url} has no ${path}: check the address, and whether the app has this version.`,
      'api_not_found',
      'configuration',
    );
  const message = (failure as { message?: unknown } | undefined)?.message;
  const why = typeof message === 'string' ? `: ${message}` : '.';
  return failed(`${url} answered ${path} with ${status}${why}`, 'api_failed', 'transient');
}

function unreachable(url: string, error: unknown): BatchApiError {
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : undefined;
  const text = code ?? (cause instanceof Error ? cause.message : String(cause));
  return new BatchApiError(timedOut ? `${url} did not answer in time.` : `${url} cannot be reached: ${text}.`, {
    code: 'api_unreachable',
    kind: 'transient',
    cause: error,
  });
}
