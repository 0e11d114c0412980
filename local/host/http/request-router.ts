import type { IncomingMessage } from 'node:http';
import type { Log } from '../../../shared/ports/log';
import type { TimerFunctions } from '../app/timer-functions';
import { messageOf } from '../errors';
import { type AccessKeys, carriesKey, isKey } from './access-keys';
import type { DurableHttp } from './durable-http';
import { rpcPath, webhookPath } from './durable-urls';
import type { HttpAnswer } from './http-answer';
import { type HttpFunctions, noSuchRoute } from './http-functions';

export interface RouterParts {
  readonly functions: HttpFunctions;
  readonly durable: DurableHttp;
  readonly timers: TimerFunctions;
  readonly keys: AccessKeys;
  readonly rpcSecret: string;
  readonly log: Log;
}

const unauthorized: HttpAnswer = { status: 401 };

/** Sends each request to the part of the host it is for, with the key that part asks for. */
export class RequestRouter {
  readonly #parts: RouterParts;

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  async answer(request: IncomingMessage, path: readonly string[], url: URL): Promise<HttpAnswer> {
    const { functions, durable, keys } = this.#parts;
    const people = below(path, webhookPath);
    if (people !== undefined) {
      const isOpen = carriesKey(request, url.searchParams, keys.systemKey);
      return isOpen ? durable.answer(request, people, url) : unauthorized;
    }
    const admin = below(path, '/admin/functions');
    if (admin !== undefined) {
      const isOpen = carriesKey(request, url.searchParams, keys.functionKey);
      return isOpen ? this.#fire(request, admin) : unauthorized;
    }
    const ofApp = await this.answerClient(request, path, url);
    return ofApp ?? (await functions.answer(request, path, url)) ?? noSuchRoute;
  }

  /** The answer to the app's own durable client; undefined for every other request. */
  async answerClient(request: IncomingMessage, path: readonly string[], url: URL): Promise<HttpAnswer | undefined> {
    const [secret, ...rest] = below(path, rpcPath) ?? [];
    if (secret === undefined) {
      return undefined;
    }
    return isKey(secret, this.#parts.rpcSecret) ? this.#parts.durable.answer(request, rest, url) : unauthorized;
  }

  /** Fires a timer function, as the admin endpoint of `func start` does: the answer does not wait for its end. */
  #fire(request: IncomingMessage, path: readonly string[]): HttpAnswer {
    const { timers, log } = this.#parts;
    const [name = ''] = path;
    if (request.method !== 'POST' || path.length !== 1 || !timers.has(name)) {
      return noSuchRoute;
    }
    timers.fire(name).catch((error: unknown) => {
      log.error(`The timer function "${name}" failed: ${messageOf(error)}`, { function: name });
    });
    return { status: 202 };
  }
}

/** The segments of `path` below `base`, or undefined where it is not below it. */
function below(path: readonly string[], base: string): readonly string[] | undefined {
  const segments = base.split('/').slice(1);
  const matches = segments.every((segment, index) => path[index]?.toLowerCase() === segment);
  return matches ? path.slice(segments.length) : undefined;
}
