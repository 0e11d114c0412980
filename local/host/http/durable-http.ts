import type { IncomingMessage } from 'node:http';
import { isTerminal } from '../durable/history';
import type { InstanceStatus } from '../durable/instance';
import type { Delivery, TaskHub } from '../durable/task-hub';
import { HostError } from '../errors';
import { type DurableUrlOptions, managementUrls } from './durable-urls';
import { wireHistory, wireStatus } from './durable-wire';
import { errorAnswer, type HttpAnswer, jsonAnswer, readBody } from './http-answer';

const DEFAULT_PAGE_SIZE = 100;
const continuationHeader = 'x-ms-continuation-token';

/**
 * The durable HTTP API: starts, looks up, steers and removes instances. The app's durable clients call it, and so do
 * people; paths and answers are those of the Durable extension (its HttpApiHandler).
 */
export class DurableHttp {
  readonly #hub: TaskHub;
  readonly #urls: DurableUrlOptions;

  constructor(hub: TaskHub, urls: DurableUrlOptions) {
    this.#hub = hub;
    this.#urls = urls;
  }

  /** Answers a request at `path`: the decoded segments below the API's own path. */
  async answer(request: IncomingMessage, path: readonly string[], url: URL): Promise<HttpAnswer> {
    const [collection, first, ...rest] = path;
    const method = request.method ?? 'GET';
    if (collection === 'orchestrators' && method === 'POST' && first && rest.length <= 1) {
      return this.#start(request, first, rest[0], url);
    }
    if (collection === 'instances' && rest.length === 0) {
      if (method === 'GET') {
        return first ? this.#status(first, url) : this.#list(request, url);
      }
      if (method === 'DELETE') {
        return first ? this.#purge(first) : this.#purgeMany(url);
      }
    }
    if (collection === 'instances' && method === 'POST' && first) {
      return this.#operate(request, first, rest, url);
    }
    return collection === 'entities' ? errorAnswer(501, 'The local host has no durable entities.') : { status: 404 };
  }

  async #start(request: IncomingMessage, name: string, instanceId: string | undefined, url: URL): Promise<HttpAnswer> {
    const input = await jsonBody(request);
    if (input === invalidJson) {
      return errorAnswer(400, 'Invalid JSON content');
    }
    const version = url.searchParams.get('version');
    let id: string;
    try {
      const { traceparent } = request.headers;
      const trace = typeof traceparent === 'string' && { traceParent: traceparent };
      id = await this.#hub.start({ name, input, version, ...(instanceId && { instanceId }), ...trace });
    } catch (error) {
      if (error instanceof HostError && error.code in startFailures) {
        return errorAnswer(startFailures[error.code] ?? 500, error.message);
      }
      throw error;
    }
    return this.#awaited(id, url) ?? this.#accepted(id);
  }

  /** The end of the instance, where the caller asked to wait for it and it came in time. */
  #awaited(id: string, url: URL): Promise<HttpAnswer> | undefined {
    const seconds = Number(url.searchParams.get('timeout') ?? Number.NaN);
    if (!Number.isFinite(seconds)) {
      return undefined;
    }
    return this.#hub.waitFor(id, 'terminal', seconds * 1000).then(
      (status) => {
        const isFailed = status.runtimeStatus === 'Failed';
        return jsonAnswer(
          isFailed ? 500 : 200,
          status.runtimeStatus === 'Completed' ? status.output : wireStatus(status, true),
        );
      },
      (error: unknown) => {
        if (error instanceof HostError && error.code === 'host_wait_timed_out') {
          return this.#accepted(id);
        }
        throw error;
      },
    );
  }

  #accepted(id: string): HttpAnswer {
    const urls = managementUrls(id, this.#urls);
    return jsonAnswer(202, urls, { location: urls.statusQueryGetUri ?? '', 'retry-after': '10' });
  }

  async #status(id: string, url: URL): Promise<HttpAnswer> {
    const status = this.#hub.status(id);
    if (status === undefined) {
      return { status: 404 };
    }
    const asked = (name: string, otherwise: boolean) => booleanParameter(url, name) ?? otherwise;
    const history = asked('showHistory', false) ? await this.#hub.history(id) : undefined;
    const body = {
      ...wireStatus(status, asked('showInput', true)),
      historyEvents: history === undefined ? null : wireHistory(history, asked('showHistoryOutput', false)),
    };
    if (!isTerminal(status.runtimeStatus)) {
      return jsonAnswer(202, body, { location: url.href, 'retry-after': '5' });
    }
    const is500 = status.runtimeStatus === 'Failed' && asked('returnInternalServerErrorOnFailure', false);
    return jsonAnswer(is500 ? 500 : 200, body);
  }

  #list(request: IncomingMessage, url: URL): HttpAnswer {
    const showInput = booleanParameter(url, 'showInput') ?? false;
    const prefix = url.searchParams.get('instanceIdPrefix') ?? '';
    const pageSize = Math.max(1, Number(url.searchParams.get('top')) || DEFAULT_PAGE_SIZE);
    const from = Number(request.headers[continuationHeader] ?? 0) || 0;
    const all = this.#filtered(url).filter((status) => status.instanceId.startsWith(prefix));
    const next = from + pageSize;
    const page = all.slice(from, next).map((status) => wireStatus(status, showInput));
    return jsonAnswer(200, page, next < all.length ? { [continuationHeader]: String(next) } : {});
  }

  async #purge(id: string): Promise<HttpAnswer> {
    switch (await this.#hub.purge(id)) {
      case 'purged':
        return jsonAnswer(200, { instancesDeleted: 1 });
      case 'running':
        return errorAnswer(412, `Only orchestrations in a terminal state can be purged, but "${id}" is not in one.`);
      case 'unknown':
        return { status: 404 };
    }
  }

  async #purgeMany(url: URL): Promise<HttpAnswer> {
    if (Number.isNaN(Date.parse(url.searchParams.get('createdTimeFrom') ?? ''))) {
      return errorAnswer(400, "Please provide value for 'createdTimeFrom' parameter.");
    }
    let instancesDeleted = 0;
    for (const { instanceId, runtimeStatus } of this.#filtered(url)) {
      if (isTerminal(runtimeStatus) && (await this.#hub.purge(instanceId)) === 'purged') {
        instancesDeleted++;
      }
    }
    return instancesDeleted === 0 ? { status: 404 } : jsonAnswer(200, { instancesDeleted });
  }

  async #operate(request: IncomingMessage, id: string, rest: readonly string[], url: URL): Promise<HttpAnswer> {
    const [operation = '', eventName] = rest;
    const command = commands.find((name) => name === operation.toLowerCase());
    if (command !== undefined) {
      return deliveryAnswer(await this.#hub.control(id, command, url.searchParams.get('reason')));
    }
    switch (operation.toLowerCase()) {
      case 'raiseevent': {
        const input = await jsonBody(request);
        if (input === invalidJson || !eventName) {
          return errorAnswer(400, eventName ? 'Invalid JSON content' : 'The event has no name.');
        }
        return deliveryAnswer(await this.#hub.raiseEvent(id, eventName, input));
      }
      case 'rewind':
      case 'restart':
        return errorAnswer(501, `The local host does not ${operation} instances: start a new one.`);
      default:
        return { status: 404 };
    }
  }

  #filtered(url: URL): InstanceStatus[] {
    const from = Date.parse(url.searchParams.get('createdTimeFrom') ?? '');
    const to = Date.parse(url.searchParams.get('createdTimeTo') ?? '');
    const wanted = url.searchParams.getAll('runtimeStatus').flatMap((value) => value.split(','));
    return this.#hub.list().filter(({ createdTime, runtimeStatus }) => {
      const created = Date.parse(createdTime);
      return !(created < from) && !(created > to) && (wanted.length === 0 || wanted.includes(runtimeStatus));
    });
  }
}

const commands = ['terminate', 'suspend', 'resume'] as const;

const startFailures: Readonly<Record<string, number>> = {
  host_instance_exists: 409,
  host_request_invalid: 400,
  host_function_unknown: 400,
};

function deliveryAnswer(delivery: Delivery): HttpAnswer {
  return { status: { accepted: 202, gone: 410, unknown: 404 }[delivery] };
}

const invalidJson = Symbol('invalid JSON');

/** The JSON text of a body, null for an empty one. */
async function jsonBody(request: IncomingMessage): Promise<string | null | typeof invalidJson> {
  const text = (await readBody(request)).toString('utf8');
  if (text.trim() === '') {
    return null;
  }
  try {
    JSON.parse(text);
    return text;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return invalidJson;
    }
    throw error;
  }
}

function booleanParameter(url: URL, name: string): boolean | undefined {
  const value = url.searchParams.get(name)?.toLowerCase();
  return value === 'true' || value === 'false' ? value === 'true' : undefined;
}
