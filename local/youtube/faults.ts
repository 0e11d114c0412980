import { setTimeout as sleep } from 'node:timers/promises';
import { errorAnswer, htmlAnswer, withEtag } from './answer';
import { type ApiError, quotaExceeded } from './api-error';
import type { Call } from './call';
import type { Catalogue } from './catalogue';
import { etagOf } from './etag';
import type { Fault } from './switches';

/** Answers with an error, and with a Retry-After header where seconds are given. */
export function answerError(error: ApiError, retryAfterSeconds?: number): Fault {
  return () => errorAnswer(error, retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) });
}

/** Uses up the key's quota, until the Pacific day ends. */
export function useUpQuota(): Fault {
  return ({ call, quota }) => {
    if (call.key !== null) quota.useUp(call.key, call.endpoint);
    return errorAnswer(quotaExceeded());
  };
}

/** Answers with a page of HTML, as a proxy or an overloaded front end does. */
export function answerHtml(status = 502): Fault {
  return () => htmlAnswer(status);
}

export function delay(ms: number): Fault {
  return async ({ stopping }, answer) => {
    await sleep(ms, undefined, { signal: stopping });
    return answer();
  };
}

/** The connection is reset and nothing is answered, though the call counts. */
export function resetConnection(): Fault {
  return async (_exchange, answer) => ({ ...(await answer()), ending: 'reset' });
}

/** The connection ends after a share of the answer's body, half of it if not given. */
export function cutOff(kept = 0.5): Fault {
  return async (_exchange, answer) => ({ ...(await answer()), ending: { kept } });
}

/** Changes the catalogue, or anything else, before the call is answered. */
export function first(act: (catalogue: Catalogue, call: Call) => void): Fault {
  return ({ call, catalogue }, answer) => {
    act(catalogue, call);
    return answer();
  };
}

/** Another etag for every answer, though nothing has changed, so that none that was sent ever matches. */
export function newEtag(): Fault {
  return async ({ call }, answer) => {
    const whole = await answer();
    return whole.status === 200 ? withEtag(whole, etagOf([call.number, call.at])) : whole;
  };
}

export interface Gate {
  readonly fault: Fault;
  /** Resolves when the first call has come to the gate. */
  readonly reached: Promise<void>;
  /** Lets every call through, those that wait and those to come. */
  release(): void;
}

/** Holds calls back until they are released. */
export function gate(): Gate {
  let arrive: () => void = () => {};
  let release: () => void = () => {};
  const reached = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const fault: Fault = async (_exchange, answer) => {
    arrive();
    await released;
    return answer();
  };
  return { fault, reached, release };
}
