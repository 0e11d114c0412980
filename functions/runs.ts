import { app, type HttpRequest, type HttpResponseInit, type InvocationContext } from '@azure/functions';
import * as df from 'durable-functions';
import type { JobReport, RunStatus } from '../shared/batch/report';
import { type BatchRequest, instanceId } from '../shared/batch/request';
import { runRequests } from '../shared/batch/run-arguments';
import { InputError } from '../shared/errors';
import type { BackfillReport } from '../shared/operations/backfill/backfill-report';
import { progressOf } from './backfill-status';
import { signedInUser } from './caller';
import { jsonBody } from './json-body';
import { appPlatform } from './platform';
import { isRunning, startRun, statusOf } from './start-run';

app.http('startRuns', {
  route: 'runs',
  methods: ['POST'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: (request, context) =>
    appPlatform().telemetry.span(
      'startRuns',
      { stage: 'start' },
      () => startRuns(request, context),
      context.traceContext?.traceParent,
    ),
});

app.http('getRun', {
  route: 'runs/{id}',
  methods: ['GET'],
  authLevel: 'function',
  extraInputs: [df.input.durableClient()],
  handler: getRun,
});

/**
 * `POST /api/runs` with `{job, date | from and to, tenants?, force?}`. Answers 202 with the runs that were started, 409 with those
 * that are running already (then none is started), 400 with a line for each bad field.
 */
async function startRuns(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const { settings, clock, log } = appPlatform();
  let requests: BatchRequest[];
  try {
    const requestedBy = signedInUser(request) ?? 'request';
    requests = runRequests(await jsonBody(request), settings, clock).map((each) => ({ ...each, requestedBy }));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { status: 400, jsonBody: { error: 'The request is not valid.', fields: error.fields } };
  }
  const client = df.getClient(context);
  const describe = (id: string) => ({ id, statusUrl: statusUrl(request, id) });

  const running: string[] = [];
  for (const { job, date } of requests) {
    const id = instanceId({ job, date });
    if (await isRunning(client, id)) running.push(id);
  }
  const started: string[] = [];
  if (running.length === 0) {
    for (const each of requests) {
      const run = await startRun(client, each);
      (run.kind === 'started' ? started : running).push(run.id);
    }
  }
  if (started.length > 0) log.info('Runs are started by request.', { run: started.join(' ') });
  const conflict = running.length > 0;
  const first = describe((conflict ? running[0] : started[0]) ?? '');
  const error = conflict ? { error: 'The day is being run already.', running: running.map(describe) } : {};
  return {
    status: conflict ? 409 : 202,
    headers: { Location: first.statusUrl },
    jsonBody: { ...first, runs: started.map(describe), ...error },
  };
}

function statusUrl(request: HttpRequest, id: string): string {
  const url = new URL(request.url);
  return `${url.origin}${url.pathname.replace(/\/$/u, '')}/${id}`;
}

/**
 * `GET /api/runs/{id}`, of a run or a backfill: 200 for a completed run, 202 for one under way, 500 for one that ended otherwise, 404 for none.
 * Only a completed run is a success, so that a script that looks at nothing but the code is right.
 */
async function getRun(request: HttpRequest, context: InvocationContext): Promise<HttpResponseInit> {
  const id = request.params.id ?? '';
  const client = df.getClient(context);
  const instance = await statusOf(client, id);
  if (instance === undefined) return { status: 404, jsonBody: { error: `There is no run ${id}.` } };
  const report = (instance.output ?? undefined) as JobReport | BackfillReport | undefined;
  const status = runStatusOf(instance.runtimeStatus, report);
  const body = {
    id,
    status,
    createdAt: instance.createdTime,
    updatedAt: instance.lastUpdatedTime,
    progress: await progressOf(client, instance.customStatus ?? undefined),
    report: status === 'running' ? undefined : report,
  };
  return { status: status === 'completed' ? 200 : status === 'running' ? 202 : 500, jsonBody: body };
}

function runStatusOf(
  instance: df.OrchestrationRuntimeStatus,
  report: { readonly status: RunStatus } | undefined,
): RunStatus | 'running' | 'terminated' {
  switch (instance) {
    case df.OrchestrationRuntimeStatus.Completed:
      return report?.status ?? 'failed';
    case df.OrchestrationRuntimeStatus.Failed:
      return 'failed';
    case df.OrchestrationRuntimeStatus.Terminated:
    case df.OrchestrationRuntimeStatus.Canceled:
      return 'terminated';
    default:
      return 'running';
  }
}
