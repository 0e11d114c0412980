import type { IncomingMessage } from 'node:http';
import type { Log } from '../../../shared/ports/log';
import type { FunctionsCore } from '../app/functions-core';
import type { Invoker } from '../app/invocation';
import type { HttpData, RegisteredFunction, ResponseCookie } from '../app/worker-types';
import { HostError, messageOf } from '../errors';
import { type AccessKeys, carriesKey } from './access-keys';
import { errorAnswer, type HttpAnswer, readBody } from './http-answer';
import { RouteTemplate } from './route-template';

interface Route {
  readonly target: RegisteredFunction;
  readonly template: RouteTemplate;
  readonly methods: ReadonlySet<string>;
  readonly authLevel: string;
}

const authLevels = ['anonymous', 'function', 'admin'];

/** The app's HTTP functions: finds the one a request is for, asks for the key its level needs, and calls it. */
export class HttpFunctions {
  readonly #routes: readonly Route[];
  readonly #prefix: readonly string[];
  readonly #invoker: Invoker;
  readonly #keys: AccessKeys;
  readonly #log: Log;

  constructor(core: FunctionsCore, invoker: Invoker, options: { routePrefix: string; keys: AccessKeys; log: Log }) {
    this.#invoker = invoker;
    this.#keys = options.keys;
    this.#log = options.log;
    this.#prefix = options.routePrefix.split('/').filter((part) => part !== '');
    this.#routes = core.functions
      .filter((target) => target.trigger.binding.type === 'httpTrigger')
      .map(routeOf)
      .sort((a, b) => RouteTemplate.compare(a.template, b.template));
  }

  /** The answer of the function at `path` (decoded segments); undefined where no function is there. */
  async answer(request: IncomingMessage, path: readonly string[], url: URL): Promise<HttpAnswer | undefined> {
    const isBelowPrefix = this.#prefix.every((part, index) => part.toLowerCase() === path[index]?.toLowerCase());
    const found = isBelowPrefix ? this.#find(request.method ?? 'GET', path.slice(this.#prefix.length)) : undefined;
    if (found === undefined) {
      return undefined;
    }
    const { route, parameters } = found;
    if (route.authLevel !== 'anonymous' && !carriesKey(request, url.searchParams, this.#keys.functionKey)) {
      return { status: 401 };
    }
    const http = await httpData(request, url, parameters);
    const name = route.target.metadata.name;
    try {
      const returned = await this.#invoker.invoke(route.target, { http }, {}, { below: traceParentOf(request) });
      return functionAnswer(returned?.http);
    } catch (error) {
      this.#log.error(`The function "${name}" failed: ${messageOf(error)}`, { function: name });
      return { status: 500 };
    }
  }

  #find(method: string, path: readonly string[]): { route: Route; parameters: Record<string, string> } | undefined {
    for (const route of this.#routes) {
      const parameters = route.methods.has(method) ? route.template.match(path) : undefined;
      if (parameters !== undefined) {
        return { route, parameters };
      }
    }
    return undefined;
  }
}

function traceParentOf({ headers }: IncomingMessage): string | undefined {
  const { traceparent } = headers;
  return typeof traceparent === 'string' ? traceparent : undefined;
}

/** The answer to a request for which there is no function. */
export const noSuchRoute: HttpAnswer = errorAnswer(404, 'No function or endpoint is here.');

function routeOf(target: RegisteredFunction): Route {
  const { route, methods, authLevel } = target.trigger.binding;
  const { name } = target.metadata;
  const level = typeof authLevel === 'string' ? authLevel.toLowerCase() : 'anonymous';
  if (!authLevels.includes(level)) {
    throw new HostError(
      'host_app_invalid',
      `The function "${name}" has the auth level "${level}": there are ${authLevels.join(', ')}.`,
    );
  }
  const allowed = Array.isArray(methods) ? methods : ['GET', 'POST'];
  return {
    target,
    template: new RouteTemplate(typeof route === 'string' ? route : name),
    methods: new Set(allowed.map((method) => String(method).toUpperCase())),
    authLevel: level,
  };
}

async function httpData(request: IncomingMessage, url: URL, parameters: Record<string, string>): Promise<HttpData> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
  }
  const body = await readBody(request);
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: nullable(headers),
    nullableQuery: nullable(Object.fromEntries(url.searchParams)),
    nullableParams: nullable(parameters),
    ...(body.length > 0 && { body: { bytes: body } }),
  };
}

function nullable(values: Readonly<Record<string, string>>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}

function functionAnswer(http: HttpData | null | undefined): HttpAnswer {
  if (!http) {
    return { status: 204 };
  }
  const cookies = (http.cookies ?? []).map(cookieHeader);
  return {
    status: Number(http.statusCode ?? 200),
    headers: { ...http.headers, ...(cookies.length > 0 && { 'set-cookie': cookies }) },
    body: http.body?.bytes ?? http.body?.string ?? '',
  };
}

function cookieHeader(cookie: ResponseCookie): string {
  const parts = [`${cookie.name}=${encodeURIComponent(cookie.value)}`];
  const add = (name: string, value: string | undefined) => {
    if (value !== undefined) {
      parts.push(`${name}=${value}`);
    }
  };
  add('Domain', cookie.domain?.value);
  add('Path', cookie.path?.value);
  add('Max-Age', cookie.maxAge?.value.toString());
  add('Expires', cookie.expires && new Date(cookie.expires.value.seconds * 1000).toUTCString());
  add('SameSite', sameSite(cookie.sameSite));
  return [...parts, ...(cookie.secure?.value ? ['Secure'] : []), ...(cookie.httpOnly?.value ? ['HttpOnly'] : [])].join(
    '; ',
  );
}

/** On the wire `none` stands for "not said"; the attribute `None` is `explicitNone`. */
function sameSite(value: string | undefined): string | undefined {
  return { lax: 'Lax', strict: 'Strict', explicitNone: 'None' }[value ?? ''];
}
