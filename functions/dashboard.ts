import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import type * as AnswerModule from '../shared/operations/dashboard/answer';
import { signedInUser } from './caller';
import { appPlatform } from './platform';

app.http('dashboard', {
  route: 'dashboard',
  methods: ['GET'],
  authLevel: 'function',
  handler: (request, context) =>
    appPlatform().telemetry.span(
      'dashboard',
      { stage: 'dashboard' },
      () => dashboard(request),
      context.traceContext?.traceParent,
    ),
});

/** `GET /api/dashboard`: the page of docs/dashboard.md. The function key comes as a header or, from a browser, as `?code=`. */
async function dashboard(request: HttpRequest): Promise<HttpResponseInit> {
  // Loaded with the first look at the page: a worker that runs a step has no use for it.
  const { answerDashboard } = require('../shared/operations/dashboard/answer') as typeof AnswerModule;
  const header = (name: string) => request.headers.get(name) ?? undefined;
  const [accept, acceptLanguage, user] = [header('accept'), header('accept-language'), signedInUser(request)];
  return answerDashboard(appPlatform(), {
    query: new URL(request.url).searchParams,
    ...(accept !== undefined && { accept }),
    ...(acceptLanguage !== undefined && { acceptLanguage }),
    ...(user !== undefined && { user }),
  });
}
