import { BatchError, type Failure, InputError, toFailure } from '../../errors';
import { failureWords } from '../failure-words/failure-words';
import { buildView, type DashboardView, type NothingThere } from './build-view';
import { failureText } from './html/failure-text';
import { type Html, html } from './html/html';
import { CONTENT_SECURITY_POLICY, document, type NavigationLink } from './html/layout';
import { viewContent, viewTitle } from './html/view-page';
import { address, type CarriedOn, httpLinks } from './links';
import { type DashboardQuery, dashboardQuery } from './query';
import type { DashboardSource } from './source';
import { LANGUAGES, type Language, preferredLanguage, Words } from './texts/words';

/** A request for the page, whatever host it came to. */
export interface DashboardRequest {
  readonly query: URLSearchParams;
  readonly accept?: string;
  readonly acceptLanguage?: string;
  /** Who is signed in, where the host knows. */
  readonly user?: string;
}

export interface DashboardAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  // The address may hold the function key.
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  Vary: 'Accept, Accept-Language',
} as const;

/** What there is to say: a view, or why there is none. */
type Outcome =
  | { readonly status: 200; readonly view: DashboardView }
  | { readonly status: 404; readonly nothing: NothingThere }
  | { readonly status: 400; readonly fields: Readonly<Record<string, string>> }
  | { readonly status: 500 | 503; readonly failure: Failure };

/** `GET /api/dashboard`: a view as a page or as JSON. Everything that goes wrong is answered in the same form. */
export async function answerDashboard(source: DashboardSource, request: DashboardRequest): Promise<DashboardAnswer> {
  const outcome = await outcomeOf(source, request);
  const headers = (type: string) => ({ ...HEADERS, 'Content-Type': `${type}; charset=utf-8` });
  if (wantsJson(request)) {
    return {
      status: outcome.status,
      headers: headers('application/json'),
      body: `${JSON.stringify(jsonOf(outcome))}\n`,
    };
  }
  return { status: outcome.status, headers: headers('text/html'), body: pageOf(source, request, outcome) };
}

async function outcomeOf(source: DashboardSource, { query }: DashboardRequest): Promise<Outcome> {
  try {
    const view = await buildView(source, dashboardQuery(query).request);
    return view.view === 'nothing' ? { status: 404, nothing: view } : { status: 200, view };
  } catch (error) {
    if (error instanceof InputError) return { status: 400, fields: error.fields };
    const failure = toFailure(error);
    source.log.error('The dashboard could not be made.', { stage: 'dashboard', error_code: failure.code });
    if (!(error instanceof BatchError)) throw error;
    return { status: failure.kind === 'transient' ? 503 : 500, failure };
  }
}

function wantsJson({ query, accept = '' }: DashboardRequest): boolean {
  const format = query.get('format');
  if (format === 'json' || format === 'html') return format === 'json';
  return accept.includes('application/json') && !accept.includes('text/html');
}

function jsonOf(outcome: Outcome): unknown {
  if ('view' in outcome) return outcome.view;
  if ('nothing' in outcome) return { error: `There is no such ${outcome.nothing.what}.`, ...outcome.nothing.names };
  return 'fields' in outcome
    ? { error: 'The address is not valid.', fields: outcome.fields }
    : { error: failureWords('en', outcome.failure).what, failure: outcome.failure };
}

function pageOf(source: DashboardSource, request: DashboardRequest, outcome: Outcome): string {
  const { query, user } = request;
  const asked = query.get('lang');
  const language = LANGUAGES.find((each) => each === asked) ?? preferredLanguage(request.acceptLanguage);
  const words = new Words(language, source.settings.businessTimeZone);
  const carried = carriedOn(query, language);
  const links = httpLinks(carried);
  const frame = { words, links, level: 1 } as const;
  const [title, content] =
    'view' in outcome
      ? [viewTitle(words, outcome.view), viewContent(frame, outcome.view)]
      : problemPage(frame, outcome);
  const current = 'view' in outcome ? outcome.view.view : undefined;
  const navigation: NavigationLink[] = [
    { href: links.overview() ?? '', text: words.text('nav_overview'), isCurrent: current === 'overview' },
    { href: links.youtube() ?? '', text: words.text('nav_youtube'), isCurrent: current === 'youtube' },
  ];
  const here = Object.fromEntries([...query].filter(([name]) => KEPT.includes(name)));
  const languages = Object.fromEntries(
    LANGUAGES.map((each) => [each, address(here, { ...carried, lang: each })]),
  ) as Record<Language, string>;
  return document({
    ...{ words, title, navigation, languages, content },
    ...(outcome.status === 200 && { json: address({ ...here, format: 'json' }, carried) }),
    ...(user !== undefined && { user }),
    madeAt: new Date(source.clock.now()).toISOString(),
  });
}

/** The parameters of an address that say what is looked at. */
const KEPT = ['view', 'tenant', 'date', 'run', 'at', 'days', 'to', 'page', 'find'];

function carriedOn(query: URLSearchParams, language: Language): CarriedOn {
  const given = (name: string) => query.get(name)?.trim() || undefined;
  const { request }: Partial<DashboardQuery> = safely(query) ?? {};
  const days = request !== undefined && 'days' in request ? given('days') : undefined;
  const [code, find] = [given('code'), request?.view === 'overview' ? given('find') : undefined];
  return {
    ...(code !== undefined && { code }),
    ...(given('lang') === language && { lang: language }),
    ...(days !== undefined && { days }),
    ...(find !== undefined && { find }),
  };
}

function safely(query: URLSearchParams): DashboardQuery | undefined {
  try {
    return dashboardQuery(query);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

type ProblemFrame = Parameters<typeof failureText>[0];

function problemPage(frame: ProblemFrame, outcome: Exclude<Outcome, { status: 200 }>): [title: string, content: Html] {
  const { words, links } = frame;
  const title = words.text(
    outcome.status === 400 ? 'problem_400' : outcome.status === 404 ? 'problem_404' : 'problem_500',
  );
  const content = html`<h1>${title}</h1><section class="card">${problemText(frame, outcome)}<ul class="links"><li><a href="${links.overview() ?? ''}">${words.text('back')}</a></li></ul></section>`;
  return [title, content];
}

function problemText(frame: ProblemFrame, outcome: Exclude<Outcome, { status: 200 }>): Html {
  const { words } = frame;
  if ('failure' in outcome) return failureText(frame, outcome.failure);
  if ('nothing' in outcome) {
    const { what, names } = outcome.nothing;
    const key = ({ tenant: 'unknown_tenant', day: 'unknown_day', run: 'unknown_run' } as const)[what];
    return html`<p>${words.text(key, names)}</p>`;
  }
  return html`<p>${words.text('problem_fields')}:</p><dl class="kv">${Object.entries(outcome.fields).map(
    ([name, problem]) => html`<div><dt><code>${name}</code></dt><dd>${problem}</dd></div>`,
  )}</dl>`;
}
