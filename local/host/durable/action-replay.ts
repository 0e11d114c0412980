import { EventWaits } from './event-waits';
import { type EventRaisedEvent, EventType, type HistoryEvent } from './history';
import { ActionType, type OrchestratorAction } from './orchestrator-state';
import { ReplayTask } from './replay-task';
import { type ReplayContext, TaskCalls } from './task-calls';
import { type NewTask, TaskNumbers } from './task-numbers';

export interface ReplayOutcome {
  /** What is to be scheduled now, by ascending id. */
  readonly newTasks: readonly NewTask[];
  /** Every action has been carried out to its end and no task is open: only then may the instance end. */
  readonly isFinished: boolean;
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
  readonly #numbers = new TaskNumbers();
  readonly #waits = new EventWaits();
  readonly #calls: TaskCalls;
  readonly #eventsForNext: EventRaisedEvent[] = [];
  #nextAction = 0;
  #actionsDone = false;
  #continueAsNew: { input: unknown } | undefined;
  #fault: string | undefined;

  constructor(actions: readonly OrchestratorAction[], context: ReplayContext) {
    this.#actions = actions;
    this.#calls = new TaskCalls(this.#numbers, context);
  }

  run(history: readonly HistoryEvent[]): ReplayOutcome {
    let divergence: string | undefined;
    for (const event of history) {
      divergence = this.#process(event);
      if (divergence !== undefined) {
        break;
      }
    }
    const { newTasks, openTasks } = this.#numbers;
    return {
      newTasks,
      openTasks,
      isFinished: (this.#actionsDone || this.#fault !== undefined) && openTasks.size === 0,
      waitsForEvent: this.#waits.isWaiting,
      eventsForNext: this.#eventsForNext,
      ...(this.#continueAsNew && { continueAsNew: this.#continueAsNew }),
      ...(divergence !== undefined && { divergence }),
      ...(this.#fault !== undefined && { fault: this.#fault }),
    };
  }

  /** @returns how the replay diverges from the event, or undefined where it does not */
  #process(event: HistoryEvent): string | undefined {
    switch (event.EventType) {
      case EventType.TaskScheduled:
        return this.#numbers.confirm(event.EventId, 'activity', event.Name);
      case EventType.SubOrchestrationInstanceCreated:
        return this.#numbers.confirm(event.EventId, 'sub-orchestration', event.Name);
      case EventType.TimerCreated:
        return this.#numbers.confirm(event.EventId, 'timer');
      case EventType.OrchestratorStarted:
        this.#calls.now = Date.parse(event.Timestamp);
        break;
      case EventType.ExecutionStarted:
        this.#advance();
        break;
      case EventType.TaskCompleted:
      case EventType.SubOrchestrationInstanceCompleted:
        this.#numbers.answer(event.TaskScheduledId, false);
        break;
      case EventType.TaskFailed:
      case EventType.SubOrchestrationInstanceFailed:
        this.#numbers.answer(event.TaskScheduledId, true);
        break;
      case EventType.TimerFired:
        this.#numbers.answer(event.TimerId, false);
        break;
      case EventType.EventRaised:
        this.#raise(event);
        break;
      default:
        break;
    }
    return undefined;
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
        return this.#calls.activity(action);
      case ActionType.CallActivityWithRetry:
        return this.#calls.withRetry(action, () => this.#calls.activity(action));
      case ActionType.CallSubOrchestrator:
        return this.#calls.subOrchestration(action);
      case ActionType.CallSubOrchestratorWithRetry:
        return this.#calls.withRetry(action, () => this.#calls.subOrchestration(action));
      case ActionType.CreateTimer:
        return this.#calls.timer(action);
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
