/**
 * The events of an orchestration's history, with the names and numbers the Durable Task Framework gives them; the
 * durable-functions library reads them by these (its `HistoryEventType`).
 */
export const EventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventRaised: 15,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

type Type = typeof EventType;

interface EventOf<T extends number> {
  readonly EventType: T;
  /** The task's sequence number on events that schedule one; -1 on all others. */
  readonly EventId: number;
  /** ISO 8601, UTC, milliseconds. */
  readonly Timestamp: string;
}

export interface ExecutionStartedEvent extends EventOf<Type['ExecutionStarted']> {
  readonly Name: string;
  readonly Version: string | null;
  /** JSON text. */
  readonly Input: string | null;
}

export interface ExecutionCompletedEvent extends EventOf<Type['ExecutionCompleted']> {
  readonly OrchestrationStatus: RuntimeStatus;
  readonly Result: string | null;
}

/** A reason for stopping, holding or going on, in `Input` as the framework has it. */
export interface ControlEvent
  extends EventOf<Type['ExecutionTerminated'] | Type['ExecutionSuspended'] | Type['ExecutionResumed']> {
  readonly Input: string | null;
}

export interface TaskScheduledEvent extends EventOf<Type['TaskScheduled']> {
  readonly Name: string;
  /** JSON text of an array that holds the one input. */
  readonly Input: string;
}

export interface SubOrchestrationCreatedEvent extends EventOf<Type['SubOrchestrationInstanceCreated']> {
  readonly Name: string;
  readonly InstanceId: string;
  readonly Version: string | null;
  readonly Input: string | null;
}

export interface TimerCreatedEvent extends EventOf<Type['TimerCreated']> {
  readonly FireAt: string;
}

export interface CompletedEvent extends EventOf<Type['TaskCompleted'] | Type['SubOrchestrationInstanceCompleted']> {
  readonly TaskScheduledId: number;
  /** JSON text; null where there is no result (the library parses it, and cannot parse undefined). */
  readonly Result: string | null;
}

export interface FailedEvent extends EventOf<Type['TaskFailed'] | Type['SubOrchestrationInstanceFailed']> {
  readonly TaskScheduledId: number;
  readonly Reason: string;
  readonly Details: string;
}

export interface TimerFiredEvent extends EventOf<Type['TimerFired']> {
  readonly TimerId: number;
  readonly FireAt: string;
}

export interface EventRaisedEvent extends EventOf<Type['EventRaised']> {
  readonly Name: string;
  readonly Input: string | null;
}

export interface OrchestratorEvent extends EventOf<Type['OrchestratorStarted'] | Type['OrchestratorCompleted']> {}

/** What an orchestrator's turn schedules. */
export type ScheduledEvent = TaskScheduledEvent | SubOrchestrationCreatedEvent | TimerCreatedEvent;

/** What answers a scheduled task. */
export type AnswerEvent = CompletedEvent | FailedEvent | TimerFiredEvent;

/** What reaches an instance from outside of its orchestrator. */
export type MessageEvent = ExecutionStartedEvent | AnswerEvent | EventRaisedEvent | ControlEvent;

export type HistoryEvent = MessageEvent | ScheduledEvent | OrchestratorEvent | ExecutionCompletedEvent;

export type TerminalStatus = 'Completed' | 'Failed' | 'Terminated';

/** The states of an instance, by the names the durable HTTP API and the library give them. */
export type RuntimeStatus = 'Pending' | 'Running' | 'Suspended' | TerminalStatus;

export function isTerminal(status: RuntimeStatus): status is TerminalStatus {
  return status === 'Completed' || status === 'Failed' || status === 'Terminated';
}

/** The id of the task that an event answers, or undefined where it answers none. */
export function answeredTask(event: MessageEvent): number | undefined {
  if ('TaskScheduledId' in event) {
    return event.TaskScheduledId;
  }
  return 'TimerId' in event ? event.TimerId : undefined;
}
