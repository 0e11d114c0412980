import { HostError } from '../errors';
import type { CreatedRecord, InstanceRecord, MessageRecord, TurnRecord } from '../storage/records';
import {
  answeredTask,
  EventType,
  type ExecutionStartedEvent,
  type HistoryEvent,
  isTerminal,
  type MessageEvent,
  type RuntimeStatus,
  type ScheduledEvent,
} from './history';

/**
 * One execution of an orchestration instance: its records, folded. What is on disk folds to the same state as what was
 * applied while running, so that a restarted host goes on from exactly there.
 */
export class Execution {
  readonly created: CreatedRecord;
  readonly history: HistoryEvent[] = [];
  /** Messages not used by a turn yet, by number, in order of arrival. */
  readonly pending = new Map<number, MessageEvent>();
  /** Tasks scheduled by a recorded turn and not answered yet, by id. */
  readonly open = new Map<number, ScheduledEvent>();
  status: RuntimeStatus = 'Pending';
  customStatus: unknown;
  output: string | null = null;
  details: string | undefined;
  lastUpdatedAt: string;
  #nextMessage = 0;

  constructor(created: CreatedRecord) {
    this.created = created;
    this.lastUpdatedAt = created.createdAt;
    this.customStatus = created.customStatus;
    this.#add(startEvent(created));
    for (const event of created.carriedOver ?? []) {
      this.#add(event);
    }
  }

  get isTerminal(): boolean {
    return isTerminal(this.status);
  }

  /**
   * Takes a message in, or refuses it (false): one that comes after the end, or that answers a task which is not open,
   * because it was answered before or called off.
   */
  accept(event: MessageRecord['event']): boolean {
    if (this.isTerminal) {
      return false;
    }
    const task = answeredTask(event);
    if (task !== undefined && !this.open.delete(task)) {
      return false;
    }
    this.#add(event);
    return true;
  }

  /**
   * Takes in a message that was accepted in an earlier life. Its line may stand behind that of a turn which called its
   * task off while the line was being written, so only the end of the instance makes it useless.
   */
  restore(event: MessageRecord['event']): void {
    if (this.isTerminal) {
      return;
    }
    const task = answeredTask(event);
    if (task !== undefined) {
      this.open.delete(task);
    }
    this.#add(event);
  }

  /** Applies a turn that is on disk. */
  apply(turn: TurnRecord): void {
    this.history.push({ EventType: EventType.OrchestratorStarted, EventId: -1, Timestamp: turn.startedAt });
    for (const number of turn.used) {
      const event = this.pending.get(number);
      if (event === undefined) {
        throw new HostError(
          'host_state_damaged',
          `A turn of "${this.created.instanceId}" uses message ${number}, which is not there.`,
        );
      }
      this.pending.delete(number);
      this.history.push(event);
    }
    for (const event of turn.scheduled) {
      this.history.push(event);
      this.open.set(event.EventId, event);
    }
    for (const timer of turn.cancelledTimers) {
      this.open.delete(timer);
    }
    this.status = turn.status;
    this.customStatus = turn.customStatus ?? this.customStatus;
    this.lastUpdatedAt = turn.endedAt;
    if (isTerminal(turn.status)) {
      this.output = turn.output ?? null;
      this.details = turn.details;
      this.history.push({
        EventType: EventType.ExecutionCompleted,
        EventId: -1,
        Timestamp: turn.endedAt,
        OrchestrationStatus: turn.status,
        Result: this.output,
      });
      this.open.clear();
      this.pending.clear();
    }
    this.history.push({ EventType: EventType.OrchestratorCompleted, EventId: -1, Timestamp: turn.endedAt });
  }

  /** An ended instance is asked for its state only: what replays need is let go of, and is on disk if wanted. */
  forgetHistory(): void {
    this.history.length = 0;
  }

  #add(event: MessageEvent): void {
    this.pending.set(this.#nextMessage++, event);
  }
}

/** The execution that an instance file's records tell of; undefined where the file ends before its first record. */
export function foldRecords(records: readonly InstanceRecord[]): Execution | undefined {
  const [first, ...rest] = records;
  if (first === undefined) {
    return undefined;
  }
  if (first.record !== 'created') {
    throw new HostError(
      'host_state_damaged',
      `An instance file begins with a "${first.record}" record instead of "created".`,
    );
  }
  const execution = new Execution(first);
  for (const record of rest) {
    if (record.record === 'message') {
      execution.restore(record.event);
    } else if (record.record === 'turn') {
      execution.apply(record);
    } else {
      throw new HostError(
        'host_state_damaged',
        `The instance file of "${first.instanceId}" has two "created" records.`,
      );
    }
  }
  return execution;
}

function startEvent(created: CreatedRecord): ExecutionStartedEvent {
  return {
    EventType: EventType.ExecutionStarted,
    EventId: -1,
    Timestamp: created.createdAt,
    Name: created.name,
    Version: created.version,
    Input: created.input,
  };
}
