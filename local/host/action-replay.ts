import { EventWaits } from './event-waits';
import { type EventRaisedEvent, EventType, type HistoryEvent } from './history';
import { isoTime } from './host-clock';
import { ActionType, type OrchestratorAction, type RetryOptions } from './orchestrator-state';
import { ReplayTask } from './replay-task';

/** A timer longer than this is made of several (the Azure Storage provider's limit), each of the interval's length. */
export const LONGEST_TIMER_MS = 6 * 86_400_000;
export const LONG_TIMER_INTERVAL_MS = 3 * 86_400_000;

/** A task that the replay asked for and that no event of the history has scheduled yet. */
export type NewTask =
  | { readonly kind: 'activity'; readonly id: number; readonly name: string; readonly input: unknown }
  | {
      readonly kind: 'sub-orchestration';
      readonly id: number;
      readonly name: string;
      readonly input: unknown;
      readonly instanceId: string;
      readonly version: string | null;
    }
  | { readonly kind: 'timer'; readonly id: number; readonly fireAt: string };

export interface ReplayContext {
  readonly instanceId: string;
  readonly executionId: string;
  readonly parentInstanceId?: string;
  /** The version that sub-orchestrations get which name none. */
  readonly defaultVersion: string | null;
  hasActivity(name: string): boolean;
  hasOrchestrator(name: string): boolean;
}

export interface ReplayOutcome {
  /** What is to be scheduled now, by ascending id. */
  readonly newTasks: readonly NewTask[];
  /** Every action has been carried out to its end and no task is open: only then may the instance end. */
  readonly isFinished: boolean;
  /** All actions are at their end, whatever tasks are still open. */
  readonly actionsDone: boolean;
  /** The tasks of the history that are open. */
  readonly openTasks: ReadonlySet<number>;
  readonly waitsForEvent: boolean;
  /** The input of the next execution, where the orchestrator continues as new. */
  readonly continueAsNew?: { readonly input: unknown };
  /** Events that came after the orchestrator had decided to continue as new. */
  readonly eventsForNext: readonly EventRaisedEvent[];
  /** Why the instance must fail now: its code no longer does what its history says. */
  readonly divergence?: string;
  /** Why the instance must fail once its open tasks have ended: an action cannot be carried out. */
  readonly fault?: string;
}

/**
 * Carries out an orchestrator's actions against its history, as the Durable extension does: the actions are taken in
 * order, each waited for before the next, and every task gets the next sequence number the moment it is asked for. The
 * library numbers its tasks by the same rule; agreement of the two numberings is what makes results reach their tasks.
 *
 * Each event that schedules a task must find that very task asked for by now; otherwise the code has changed under a
 * running instance, or is not deterministic. Sources: OutOfProcOrchestrationShim of the Durable extension;
 * TaskOrchestrationContext and RetryInterceptor of DurableTask.Core.
 */
export function replayActions(
  history: readonly HistoryEvent[],
  actions: readonly OrchestratorAction[],
  context: ReplayContext,
): ReplayOutcome {
  return new ActionReplay(actions, context).run(history);
}

class ActionReplay {
  readonly #actions: readonly OrchestratorAction[];
  readonly #context: ReplayContext;
  readonly #waits = new EventWaits();
  readonly #asked = new Map<number, NewTask>();
  readonly #open = new Map<number, ReplayTask>();
  #nextId = 0;
  #nextAction = 0;
  #now = 0;
  #actionsDone = false;
  #continueAsNew: { input: unknown } | undefined;
  readonly #eventsForNext: EventRaisedEvent[] = [];
  #fault: string | undefined;

  constructor(actions: readonly OrchestratorAction[], context: ReplayContext) {
    this.#actions = actions;
    this.#context = context;
  }

  run(history: readonly HistoryEvent[]): ReplayOutcome {
    let divergence: string | undefined;
    for (const event of history) {
      divergence = this.#process(event);
      if (divergence !== undefined) {
        break;
      }
    }
    return {
      newTasks: [...this.#asked.values()].sort((a, b) => a.id - b.id),
      isFinished: (this.#actionsDone || this.#fault !== undefined) && this.#open.size === 0,
      actionsDone: this.#actionsDone,
      openTasks: new Set(this.#open.keys()),
      waitsForEvent: this.#waits.isWaiting,
      eventsForNext: this.#eventsForNext,
      ...(this.#continueAsNew && { continueAsNew: this.#continueAsNew }),
      ...(divergence !== undefined && { divergence }),
      ...(this.#fault !== undefined && { fault: this.#fault }),
    };
  }

  #process(event: HistoryEvent): string | undefined {
    switch (event.EventType) {
      case EventType.OrchestratorStarted:
        this.#now = Date.parse(event.Timestamp);
        return undefined;
      case EventType.ExecutionStarted:
        this.#advance();
        return undefined;
      case EventType.TaskScheduled:
        return this.#confirm(event.EventId, 'activity', event.Name);
      case EventType.SubOrchestrationInstanceCreated:
        return this.#confirm(event.EventId, 'sub-orchestration', event.Name);
      case EventType.TimerCreated:
        return this.#confirm(event.EventId, 'timer');
      case EventType.TaskCompleted:
      case EventType.SubOrchestrationInstanceCompleted:
        this.#answer(event.TaskScheduledId, false);
        return undefined;
      case EventType.TaskFailed:
      case EventType.SubOrchestrationInstanceFailed:
        this.#answer(event.TaskScheduledId, true);
        return undefined;
      case EventType.TimerFired:
        this.#answer(event.TimerId, false);
        return undefined;
      case EventType.EventRaised:
        this.#raise(event);
        return undefined;
      default:
        return undefined;
    }
  }

  /** Goes on with the actions until one has to be waited for. */
  #advance(): void {
    while (this.#nextAction < this.#actions.length) {
      const action = this.#actions[this.#nextAction++] as OrchestratorAction;
      let task: ReplayTask;
      try {
        task = this.#carryOut(action);
      } catch (error) {
        this.#fault = error instanceof Error ? error.message : String(error);
        return;
      }
      if (!task.isSettled) {
        task.whenSettled(() => this.#advance());
        return;
      }
    }
    this.#actionsDone = true;
  }

  #confirm(id: number, kind: NewTask['kind'], name?: string): string | undefined {
    const asked = this.#asked.get(id);
    const was = name === undefined ? `a ${kind}` : `the ${kind} "${name}"`;
    const cause = 'Was the orchestrator changed while this instance was running, or is it not deterministic?';
    if (asked === undefined) {
      return `Non-deterministic orchestration: the history has ${was} scheduled as task ${id}, but the replay did not ask for that task. ${cause}`;
    }
    const isSame =
      asked.kind === kind && (asked.kind === 'timer' || asked.name.toLowerCase() === (name ?? '').toLowerCase());
    if (!isSame) {
      const is = asked.kind === 'timer' ? 'a timer' : `the ${asked.kind} "${asked.name}"`;
      return `Non-deterministic orchestration: the history has ${was} scheduled as task ${id}, but the replay asked for ${is} there. ${cause}`;
    }
    this.#asked.delete(id);
    return undefined;
  }

  /** An answer to a task that is not open (called off, or answered before) changes nothing. */
  #answer(id: number, failed: boolean): void {
    const task = this.#open.get(id);
    this.#open.delete(id);
    task?.settle(failed);
  }

  #raise(event: EventRaisedEvent): void {
    if (this.#continueAsNew === undefined) {
      this.#waits.raise(event.Name);
    } else {
      this.#eventsForNext.push(event);
    }
  }

  #carryOut(action: OrchestratorAction): ReplayTask {
    switch (action.actionType) {
      case ActionType.CallActivity:
        return this.#activity(action);
      case ActionType.CallActivityWithRetry:
        return this.#withRetry(retryOptionsOf(action), () => this.#activity(action));
      case ActionType.CallSubOrchestrator:
        return this.#subOrchestration(action);
      case ActionType.CallSubOrchestratorWithRetry:
        return this.#withRetry(retryOptionsOf(action), () => this.#subOrchestration(action));
      case ActionType.CreateTimer:
        return this.#longTimer(action);
      case ActionType.WaitForExternalEvent:
        return this.#waits.wait(action.externalEventName ?? '');
      case ActionType.ContinueAsNew:
        this.#continueAsNew = { input: action.input };
        return ReplayTask.settled();
      case ActionType.WhenAll:
        return ReplayTask.all((action.compoundActions ?? []).map((child) => this.#carryOut(child)));
      case ActionType.WhenAny:
        return ReplayTask.any((action.compoundActions ?? []).map((child) => this.#carryOut(child)));
      default:
        throw new Error(unsupportedAction(action.actionType));
    }
  }

  #activity(action: OrchestratorAction): ReplayTask {
    const name = action.functionName ?? '';
    if (!this.#context.hasActivity(name)) {
      throw new Error(`The function "${name}" doesn't exist, is disabled, or is not an activity function.`);
    }
    return this.#ask((id) => ({ kind: 'activity', id, name, input: action.input }));
  }

  #subOrchestration(action: OrchestratorAction): ReplayTask {
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
    return this.#ask((id) => ({
      kind: 'sub-orchestration',
      id,
      name,
      input: action.input,
      instanceId: wanted ?? `${executionId}:${id}`,
      version: action.version ?? defaultVersion,
    }));
  }

  /** The first try, and after each failure a timer and the next one; one more timer, due at once, ends the last. */
  #withRetry(options: RetryOptions, attempt: () => ReplayTask): ReplayTask {
    const outer = new ReplayTask();
    const startedAt = this.#now;
    const tryOnce = (tries: number) => {
      attempt().whenSettled((failed) => {
        if (!failed) {
          outer.settle(false);
        } else if (tries === options.maxNumberOfAttempts) {
          this.#timer(this.#now).whenSettled(() => outer.settle(true));
        } else if (this.#now - startedAt >= (options.retryTimeoutInMilliseconds ?? Number.POSITIVE_INFINITY)) {
          outer.settle(true);
        } else {
          this.#timer(this.#now + retryDelay(options, tries)).whenSettled(() => tryOnce(tries + 1));
        }
      });
    };
    tryOnce(1);
    return outer;
  }

  #longTimer(action: OrchestratorAction): ReplayTask {
    const fireAt = Date.parse(action.fireAt ?? '');
    if (Number.isNaN(fireAt)) {
      throw new Error(`A timer has no time that can be read: "${action.fireAt}".`);
    }
    const isLong = fireAt - this.#now > LONGEST_TIMER_MS;
    const first = isLong ? this.#now + LONG_TIMER_INTERVAL_MS : fireAt;
    const firstTimer = this.#timer(first, action.isCanceled === true);
    return isLong && action.isCanceled !== true ? this.#continueTimer(firstTimer, fireAt) : firstTimer;
  }

  #continueTimer(timer: ReplayTask, fireAt: number): ReplayTask {
    const whole = new ReplayTask();
    const next = () => {
      const left = fireAt - this.#now;
      if (left <= 0) {
        whole.settle(false);
      } else {
        this.#timer(this.#now + Math.min(left, LONG_TIMER_INTERVAL_MS)).whenSettled(next);
      }
    };
    timer.whenSettled(next);
    return whole;
  }

  /** A timer called off counts as settled, and is not open: that is how a race's loser is left behind. */
  #timer(fireAt: number, isCancelled = false): ReplayTask {
    const task = this.#ask((id) => ({ kind: 'timer', id, fireAt: isoTime(fireAt) }));
    if (isCancelled) {
      this.#open.delete(this.#nextId - 1);
      task.settle(false);
    }
    return task;
  }

  #ask(describe: (id: number) => NewTask): ReplayTask {
    const id = this.#nextId++;
    const task = new ReplayTask();
    this.#asked.set(id, describe(id));
    this.#open.set(id, task);
    return task;
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

function unsupportedAction(type: number): string {
  const names: Readonly<Record<number, string>> = {
    7: 'callEntity',
    8: 'callHttp',
    9: 'signalEntity',
    10: 'a scheduled signalEntity',
    13: 'lock',
    14: 'the release of a lock',
  };
  return `The local host does not carry out ${names[type] ?? `actions of type ${type}`}; durable entities and durable HTTP run in Azure only.`;
}
