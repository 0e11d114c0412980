import { isoTime } from '../host-clock';
import type { OrchestratorAction, RetryOptions } from './orchestrator-state';
import { ReplayTask } from './replay-task';
import type { TaskNumbers } from './task-numbers';

/** A timer longer than this is made of several (the Azure Storage provider's limit), each of the interval's length. */
export const LONGEST_TIMER_MS = 6 * 86_400_000;
export const LONG_TIMER_INTERVAL_MS = 3 * 86_400_000;

/** What a replay has to know of its instance and its app. */
export interface ReplayContext {
  readonly instanceId: string;
  readonly executionId: string;
  readonly parentInstanceId?: string;
  /** The version that sub-orchestrations get which name none. */
  readonly defaultVersion: string | null;
  hasActivity(name: string): boolean;
  hasOrchestrator(name: string): boolean;
}

/**
 * The calls and timers of an orchestrator, as tasks. Calls that are retried and long timers become several tasks, one
 * after another: which ones, and when, is the host's to decide, and the library only keeps numbers for them.
 */
export class TaskCalls {
  readonly #numbers: TaskNumbers;
  readonly #context: ReplayContext;
  /** The time of the turn that is being replayed, in milliseconds since the epoch. */
  now = 0;

  constructor(numbers: TaskNumbers, context: ReplayContext) {
    this.#numbers = numbers;
    this.#context = context;
  }

  /** @throws Error for a function that is not there */
  activity(action: OrchestratorAction): ReplayTask {
    const name = action.functionName ?? '';
    if (!this.#context.hasActivity(name)) {
      throw new Error(`The function "${name}" doesn't exist, is disabled, or is not an activity function.`);
    }
    return this.#numbers.ask((id) => ({ kind: 'activity', id, name, input: action.input }));
  }

  /** @throws Error for a function that is not there, and for an instance id that is the parent's */
  subOrchestration(action: OrchestratorAction): ReplayTask {
    const name = action.functionName ?? '';
    const { instanceId, executionId, parentInstanceId, defaultVersion } = this.#context;
    if (!this.#context.hasOrchestrator(name)) {
      throw new Error(`The function "${name}" doesn't exist, is disabled, or is not an orchestrator function.`);
    }
    const wanted = action.instanceId?.trim() ? action.instanceId : undefined;
    if (wanted !== undefined && (sameId(wanted, instanceId) || sameId(wanted, parentInstanceId))) {
      throw new Error(
        `The sub-orchestration "${name}" has the instance id of its parent, "${wanted}": give it another one.`,
      );
    }
    return this.#numbers.ask((id) => ({
      kind: 'sub-orchestration',
      id,
      name,
      input: action.input,
      instanceId: wanted ?? `${executionId}:${id}`,
      version: action.version ?? defaultVersion,
    }));
  }

  /** The first try, and after each failure a timer and the next one; one more timer, due at once, ends the last. */
  withRetry(action: OrchestratorAction, attempt: () => ReplayTask): ReplayTask {
    const options = retryOptionsOf(action);
    const outer = new ReplayTask();
    const startedAt = this.now;
    const tryOnce = (tries: number) => {
      attempt().whenSettled((failed) => {
        if (!failed) {
          outer.settle(false);
        } else if (tries === options.maxNumberOfAttempts) {
          this.#timer(this.now).whenSettled(() => outer.settle(true));
        } else if (this.now - startedAt >= (options.retryTimeoutInMilliseconds ?? Number.POSITIVE_INFINITY)) {
          outer.settle(true);
        } else {
          this.#timer(this.now + retryDelay(options, tries)).whenSettled(() => tryOnce(tries + 1));
        }
      });
    };
    tryOnce(1);
    return outer;
  }

  /** @throws Error for a time that cannot be read */
  timer(action: OrchestratorAction): ReplayTask {
    const fireAt = Date.parse(action.fireAt ?? '');
    if (Number.isNaN(fireAt)) {
      throw new Error(`A timer has no time that can be read: "${action.fireAt}".`);
    }
    const isLong = fireAt - this.now > LONGEST_TIMER_MS;
    const first = isLong ? this.now + LONG_TIMER_INTERVAL_MS : fireAt;
    if (action.isCanceled === true) {
      return this.#numbers.askCalledOff((id) => ({ kind: 'timer', id, fireAt: isoTime(first) }));
    }
    return isLong ? this.#continueTimer(this.#timer(first), fireAt) : this.#timer(first);
  }

  #continueTimer(timer: ReplayTask, fireAt: number): ReplayTask {
    const whole = new ReplayTask();
    const next = () => {
      const left = fireAt - this.now;
      if (left <= 0) {
        whole.settle(false);
      } else {
        this.#timer(this.now + Math.min(left, LONG_TIMER_INTERVAL_MS)).whenSettled(next);
      }
    };
    timer.whenSettled(next);
    return whole;
  }

  #timer(fireAt: number): ReplayTask {
    return this.#numbers.ask((id) => ({ kind: 'timer', id, fireAt: isoTime(fireAt) }));
  }
}

function retryDelay(options: RetryOptions, tries: number): number {
  const delay = options.firstRetryIntervalInMilliseconds * (options.backoffCoefficient ?? 1) ** (tries - 1);
  return Math.min(delay, options.maxRetryIntervalInMilliseconds ?? LONGEST_TIMER_MS);
}

function retryOptionsOf(action: OrchestratorAction): RetryOptions {
  if (action.retryOptions === undefined) {
    throw new Error(`The call of "${action.functionName}" is to be retried but has no retry options.`);
  }
  return action.retryOptions;
}

function sameId(a: string, b: string | undefined): boolean {
  return a.toLowerCase() === b?.toLowerCase();
}
