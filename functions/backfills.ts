import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import { BatchError, InputError, toFailure } from '../shared/errors';
import { maskText } from '../shared/logging/masking';
import { type BackfillRequest, backfillId, backfillRequest } from '../shared/operations/backfill/backfill-request';
import type * as PreviewModule from '../shared/operations/backfill/preview-backfill';
import { signedInUser } from './caller';
import { jsonBody } from './json-body';
import { BACKFILL } from './names';
import { appPlatform } from './platform';
import { startInstance } from './start-run';

app.http('startBackfill', {
  route: 'backfills',
  methods: ['POST'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: (request, context) =>
    appPlatform().telemetry.span(
      'startBackfill',
      { stage: 'start' },
      () => startBackfill(request, context),
      context.traceContext?.traceParent,
    ),
});

/**
 * `POST /api/backfills` with `{from, to, tenants?, concurrency?, force?, dryRun?}`. Answers 202 with the backfill that was started, 409 with
 * the one of the same range and tenants that is under way, 400 with a line for each bad field. `dryRun` starts nothing: 200 with what there
 * is to do and an estimate. `GET /api/runs/{id}` tells how a backfill gets on.
 */
async function startBackfill(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  let wanted: { readonly backfill: BackfillRequest; readonly dryRun: boolean };
  try {
    wanted = wantedBackfill(await jsonBody(request), signedInUser(request) ?? 'backfill');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { status: 400, jsonBody: { error: 'The request is not valid.', fields: error.fields } };
  }
  const { backfill, dryRun } = wanted;
  const id = backfillId(backfill);
  if (dryRun) return preview(id, backfill);

  const link = { id, statusUrl: statusUrl(request, id) };
  const { kind } = await startInstance(df.getClient(context), BACKFILL, id, backfill);
  const headers = { Location: link.statusUrl };
  if (kind === 'running') {
    return { status: 409, headers, jsonBody: { ...link, error: 'The backfill is under way already.' } };
  }
  appPlatform().log.info('A backfill is started by request.', { run: id });
  return { status: 202, headers, jsonBody: link };
}

async function preview(id: string, backfill: BackfillRequest): Promise<HttpResponseInit> {
  const { previewBackfill } = require('../shared/operations/backfill/preview-backfill') as typeof PreviewModule;
  try {
    const looked = await previewBackfill(appPlatform(), backfill, 'orchestrator');
    return { status: 200, jsonBody: { id, ...looked.preview } };
  } catch (error) {
    // A defect is the host's to answer and to log.
    if (!(error instanceof BatchError)) throw error;
    const failure = toFailure(error, { stage: 'backfill' });
    return {
      status: 500,
      jsonBody: {
        error: 'The backfill cannot be estimated.',
        failure: { ...failure, message: maskText(failure.message) },
      },
    };
  }
}

function wantedBackfill(
  body: unknown,
  requestedBy: string,
): { readonly backfill: BackfillRequest; readonly dryRun: boolean } {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const { dryRun = false, ...rest } = (isObject ? body : {}) as Readonly<Record<string, unknown>>;
  if (typeof dryRun !== 'boolean') throw new InputError({ dryRun: 'expected true or false' });
  return { backfill: { ...backfillRequest(isObject ? rest : body), requestedBy }, dryRun };
}

function statusUrl(request: HttpRequest, id: string): string {
  const { origin, pathname } = new URL(request.url);
  return `${origin}${pathname.replace(/\/backfills\/?$/u, '')}/runs/${id}`;
}
