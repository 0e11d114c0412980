import type { CreatedRecord, TurnRecord } from '../storage/records';
import { type ReplayOutcome, replayActions } from './action-replay';
import type { Execution } from './execution';
import { EventType, type HistoryEvent, type MessageEvent, type ScheduledEvent, type TerminalStatus } from './history';
import type { OrchestratorState } from './orchestrator-state';
import { customStatusProblem } from './payload-limits';
import type { ReplayContext } from './task-calls';
import type { NewTask } from './task-numbers';

/** The messages that one turn uses, and what the turn is for. Only `run` calls the orchestrator's code. */
export interface TurnPlan {
  readonly kind: 'run' | 'terminate' | 'suspend' | 'resume';
  readonly messages: readonly number[];
}

/**
 * What an instance's next turn is to do, or undefined where there is nothing to do. Termination goes before everything;
 * a suspended instance does nothing else until it is resumed; a suspension takes effect after what came before it.
 */
export function planTurn(execution: Execution): TurnPlan | undefined {
  if (execution.isTerminal) {
    return undefined;
  }
  const terminate = firstOf(execution, EventType.ExecutionTerminated);
  if (terminate !== undefined) {
    return { kind: 'terminate', messages: [terminate] };
  }
  if (execution.status === 'Suspended') {
    const resume = firstOf(execution, EventType.ExecutionResumed);
    return resume === undefined ? undefined : { kind: 'resume', messages: [resume] };
  }
  const messages: number[] = [];
  for (const [number, event] of execution.pending) {
    if (event.EventType === EventType.ExecutionSuspended) {
      return messages.length === 0 ? { kind: 'suspend', messages: [number] } : { kind: 'run', messages };
    }
    messages.push(number);
  }
  return messages.length === 0 ? undefined : { kind: 'run', messages };
}

function firstOf(execution: Execution, type: MessageEvent['EventType']): number | undefined {
  for (const [number, event] of execution.pending) {
    if (event.EventType === type) {
      return number;
    }
  }
  return undefined;
}

/** When a turn starts and ends, as ISO text: never before the instance's last record. */
export interface TurnTimes {
  readonly startedAt: string;
  readonly endedAt: string;
}

/** The history that a turn's orchestrator sees: all that is recorded, and the turn's own start and messages. */
export function newEvents(execution: Execution, plan: TurnPlan, startedAt: string): HistoryEvent[] {
  const started: HistoryEvent = { EventType: EventType.OrchestratorStarted, EventId: -1, Timestamp: startedAt };
  return [started, ...messagesOf(execution, plan)];
}

/** The record of a turn that calls no code: termination, suspension, resumption. */
export function controlTurn(execution: Execution, plan: TurnPlan, times: TurnTimes): TurnRecord {
  const base = { record: 'turn', ...times, used: plan.messages, scheduled: [], cancelledTimers: [] } as const;
  if (plan.kind === 'terminate') {
    const [event] = messagesOf(execution, plan);
    const reason = event !== undefined && 'Input' in event ? event.Input : null;
    return { ...base, ...ended('Terminated', jsonOrNull(reason)) };
  }
  return { ...base, status: plan.kind === 'suspend' ? 'Suspended' : 'Running' };
}

/** What a turn comes to: a record to append, or, for an orchestrator that continues as new, a file to begin again. */
export type TurnResult =
  | { readonly kind: 'turn'; readonly turn: TurnRecord; readonly isStuck: boolean }
  | {
      readonly kind: 'continue';
      readonly input: string | null;
      readonly events: readonly MessageEvent[];
      readonly customStatus: unknown;
    };

/** What the orchestrator's code answered: its state, or why it could not be called at all. */
export type OrchestratorAnswer =
  | { readonly state: OrchestratorState }
  | { readonly failure: string; readonly details: string };

/** Decides, from what the orchestrator answered, what its turn comes to. */
export function decideTurn(
  execution: Execution,
  plan: TurnPlan,
  answer: OrchestratorAnswer,
  context: ReplayContext,
  times: TurnTimes,
): TurnResult {
  const base = { record: 'turn', ...times, used: plan.messages } as const;
  const failed = (reason: string, details = ''): TurnResult => ({
    kind: 'turn',
    isStuck: false,
    turn: { ...base, scheduled: [], cancelledTimers: [], ...ended('Failed', JSON.stringify(reason)), details },
  });
  const name = execution.created.name;
  if ('failure' in answer) {
    return failed(`Orchestrator function '${name}' failed: ${answer.failure}`, answer.details);
  }
  const { state } = answer;
  const statusProblem = customStatusProblem(state.customStatus);
  if (statusProblem !== undefined) {
    return failed(`Orchestrator function '${name}' failed: ${statusProblem}`);
  }
  const history = [...execution.history, ...newEvents(execution, plan, times.startedAt)];
  const outcome = replayActions(history, state.actions, context);
  if (outcome.divergence !== undefined) {
    return failed(outcome.divergence);
  }
  const isOver = outcome.isFinished && (state.isDone || state.error !== undefined || outcome.fault !== undefined);
  if (isOver && outcome.fault !== undefined) {
    return failed(`Orchestrator function '${name}' failed: ${outcome.fault}`);
  }
  if (isOver && state.error !== undefined) {
    return failed(`Orchestrator function '${name}' failed: ${state.error}`, state.error);
  }
  if (isOver && outcome.continueAsNew !== undefined) {
    return {
      kind: 'continue',
      input: jsonOrNull(outcome.continueAsNew.input),
      events: outcome.eventsForNext,
      customStatus: state.customStatus ?? execution.customStatus,
    };
  }
  return {
    kind: 'turn',
    isStuck: !isOver && isStuck(outcome, state),
    turn: {
      ...base,
      scheduled: outcome.newTasks.map((task) => scheduledEvent(task, times.endedAt)),
      cancelledTimers: cancelledTimers(execution, outcome),
      ...(state.customStatus !== undefined && { customStatus: state.customStatus }),
      ...(isOver ? ended('Completed', jsonOrNull(state.output)) : { status: 'Running' }),
    },
  };
}

/** The first record of the execution that follows one which continues as new. */
export function continuedExecution(
  execution: Execution,
  result: Extract<TurnResult, { kind: 'continue' }>,
  plan: TurnPlan,
  next: { readonly executionId: string; readonly createdAt: string },
): CreatedRecord {
  const { input: _input, carriedOver: _carriedOver, customStatus: _customStatus, ...same } = execution.created;
  const used = new Set(plan.messages);
  // Answers to the tasks of the execution that ends here mean nothing to the next one.
  const unused = [...execution.pending]
    .filter(([number, event]) => !used.has(number) && !('TaskScheduledId' in event) && !('TimerId' in event))
    .map(([, event]) => event);
  return {
    ...same,
    ...next,
    input: result.input,
    carriedOver: [...result.events, ...unused],
    ...(result.customStatus !== undefined && { customStatus: result.customStatus }),
  };
}

function messagesOf(execution: Execution, plan: TurnPlan): MessageEvent[] {
  return plan.messages.flatMap((number) => execution.pending.get(number) ?? []);
}

function ended(status: TerminalStatus, output: string | null): Pick<TurnRecord, 'status' | 'output'> {
  return { status, output };
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

function scheduledEvent(task: NewTask, timestamp: string): ScheduledEvent {
  const base = { EventId: task.id, Timestamp: timestamp };
  switch (task.kind) {
    case 'activity':
      return {
        ...base,
        EventType: EventType.TaskScheduled,
        Name: task.name,
        Input: JSON.stringify([task.input ?? null]),
      };
    case 'sub-orchestration':
      return {
        ...base,
        EventType: EventType.SubOrchestrationInstanceCreated,
        Name: task.name,
        InstanceId: task.instanceId,
        Version: task.version,
        Input: jsonOrNull(task.input),
      };
    case 'timer':
      return { ...base, EventType: EventType.TimerCreated, FireAt: task.fireAt };
  }
}

function cancelledTimers(execution: Execution, outcome: ReplayOutcome): number[] {
  const known = [...execution.open.values()].filter((event) => event.EventType === EventType.TimerCreated);
  const asked = outcome.newTasks.filter((task) => task.kind === 'timer');
  return [...known.map((event) => event.EventId), ...asked.map((task) => task.id)].filter(
    (id) => !outcome.openTasks.has(id),
  );
}

/** The orchestrator waits, but for nothing that could still come: in production such an instance hangs for ever. */
function isStuck(outcome: ReplayOutcome, state: OrchestratorState): boolean {
  return !state.isDone && state.error === undefined && outcome.openTasks.size === 0 && !outcome.waitsForEvent;
}
