import { accessNotConfigured, backendError, rateLimitExceeded } from './api-error';
import type { Call } from './call';
import type { Catalogue } from './catalogue';
import { callsForPage, callsTo, everyCall, from, next, nth } from './conditions';
import {
  answerError,
  answerHtml,
  cutOff,
  delay,
  first,
  type Gate,
  gate,
  newEtag,
  resetConnection,
  useUpQuota,
} from './faults';
import type { Condition, Rule } from './switches';

// Rules that are needed often. Numbers of calls count from 1 and from when the rule is made; with a condition, the calls that it holds for.

/** Quota is used up at the n-th call, and for all calls of that key until the Pacific day ends. */
export function quotaUsedUpAt(number: number, condition: Condition = everyCall): Rule {
  return { when: nth(number, condition), fault: useUpQuota() };
}

export interface RateLimitOptions {
  readonly code?: 403 | 429;
  readonly retryAfterSeconds?: number;
  readonly condition?: Condition;
}

export function rateLimitNext(times: number, options: RateLimitOptions = {}): Rule {
  const { code, retryAfterSeconds, condition } = options;
  return { when: next(times, condition), fault: answerError(rateLimitExceeded(code), retryAfterSeconds) };
}

export interface ServerErrorOptions {
  readonly code?: 500 | 503;
  readonly retryAfterSeconds?: number;
  readonly condition?: Condition;
}

export function failNext(times: number, options: ServerErrorOptions = {}): Rule {
  const { code, retryAfterSeconds, condition } = options;
  return { when: next(times, condition), fault: answerError(backendError(code), retryAfterSeconds) };
}

export function failCall(number: number, options: ServerErrorOptions = {}): Rule {
  const { code, retryAfterSeconds, condition } = options;
  return { when: nth(number, condition), fault: answerError(backendError(code), retryAfterSeconds) };
}

/** Every call from the n-th on. */
export function failFrom(number: number, options: ServerErrorOptions = {}): Rule {
  const { code, retryAfterSeconds, condition } = options;
  return { when: from(number, condition), fault: answerError(backendError(code), retryAfterSeconds) };
}

export function slowAnswers(ms: number, condition: Condition = everyCall): Rule {
  return { when: condition, fault: delay(ms) };
}

/** Holds the n-th call back until the gate is released. */
export function holdCall(number: number, condition: Condition = everyCall): Gate & { readonly rule: Rule } {
  const held = gate();
  return { ...held, rule: { when: nth(number, condition), fault: held.fault } };
}

export function resetCall(number: number, condition: Condition = everyCall): Rule {
  return { when: nth(number, condition), fault: resetConnection() };
}

export function cutOffCall(number: number, kept = 0.5, condition: Condition = everyCall): Rule {
  return { when: nth(number, condition), fault: cutOff(kept) };
}

export function htmlCall(number: number, status = 502, condition: Condition = everyCall): Rule {
  return { when: nth(number, condition), fault: answerHtml(status) };
}

/** Before page `number` of an uploads list is first answered, something changes: a video vanishes, another one appears. */
export function beforePage(number: number, act: (catalogue: Catalogue, call: Call) => void): Rule {
  return { when: nth(1, callsForPage(number)), fault: first(act) };
}

/** Something changes before each page of an uploads list: a playlist grows while it is read. */
export function beforeEveryPage(act: (catalogue: Catalogue, call: Call) => void): Rule {
  return { when: callsTo('playlistItems'), fault: first(act) };
}

export function unstableEtags(condition: Condition = everyCall): Rule {
  return { when: condition, fault: newEtag() };
}

/** The API is not enabled in the project of the key. */
export function apiNotEnabled(condition: Condition = everyCall): Rule {
  return { when: condition, fault: answerError(accessNotConfigured()) };
}
