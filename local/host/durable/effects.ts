import type { Log } from '../../../shared/ports/log';
import { activityAnswer, callActivity } from '../app/activity-call';
import type { FunctionsCore } from '../app/functions-core';
import type { Invoker } from '../app/invocation';
import { HostError, messageOf } from '../errors';
import { type HostClock, isoTime } from '../host-clock';
import type { HostConfig } from '../host-config';
import type { Progress } from '../progress';
import type { MessageRecord, ParentLink } from '../storage/records';
import {
  type AnswerEvent,
  EventType,
  type ScheduledEvent,
  type SubOrchestrationCreatedEvent,
  type TaskScheduledEvent,
  type TimerCreatedEvent,
} from './history';
import type { Instance } from './instance';
import { warnIfLarge } from './payload-limits';
import type { StartRequest } from './start-request';
import { WorkQueue } from './work-queue';

export interface EffectsOptions {
  readonly core: FunctionsCore;
  readonly invoker: Invoker;
  readonly config: HostConfig;
  readonly clock: HostClock;
  readonly log: Log;
  readonly progress: Progress;
  readonly onFailure: (error: unknown) => void;
}

/** What effects need of the task hub. */
export interface HubPort {
  find(instanceId: string): Instance | undefined;
  /** See TurnEngine.accept. */
  accept(instance: Instance, event: MessageRecord['event']): Promise<void> | undefined;
  start(request: StartRequest): Promise<string>;
}

/** Begins what recorded turns have scheduled, and brings the answers back. Beginning a task twice does no harm. */
export class Effects {
  readonly #options: EffectsOptions;
  readonly #hub: HubPort;
  readonly #activities: WorkQueue;

  constructor(options: EffectsOptions, hub: HubPort) {
    this.#options = options;
    this.#hub = hub;
    this.#activities = new WorkQueue(options.config.maxConcurrentActivityFunctions, options.onFailure);
  }

  /** Begins a task that is open in the instance's current execution. */
  begin(instance: Instance, event: ScheduledEvent): void {
    switch (event.EventType) {
      case EventType.TaskScheduled:
        this.#beginActivity(instance, event);
        break;
      case EventType.SubOrchestrationInstanceCreated:
        this.#beginChild(instance, event);
        break;
      case EventType.TimerCreated:
        this.#armTimer(instance, event);
        break;
    }
  }

  /** Tells the parent of an ended instance, if it has one, how it ended. */
  answerParent(child: Instance): void {
    const { parent } = child.execution.created;
    if (parent === undefined) {
      return;
    }
    const { status, output, details } = child.execution;
    const base = { EventId: -1, Timestamp: this.#now(), TaskScheduledId: parent.taskId };
    const answer: AnswerEvent =
      status === 'Completed'
        ? { ...base, EventType: EventType.SubOrchestrationInstanceCompleted, Result: output }
        : { ...base, ...childFailure(output === null ? '' : String(JSON.parse(output)), details) };
    this.#answer(parent, answer);
  }

  /** Begins nothing more; {@link idle} resolves when the activities under way have ended. */
  stop(): void {
    this.#activities.stop();
  }

  idle(): Promise<void> {
    return this.#activities.idle();
  }

  #beginActivity(instance: Instance, event: TaskScheduledEvent): void {
    const { core, invoker, log, progress } = this.#options;
    const { execution } = instance;
    const activity = { instanceId: instance.id, name: event.Name, taskId: event.EventId };
    progress.report({ kind: 'activity-scheduled', ...activity });
    this.#activities.add(async () => {
      if (instance.execution !== execution || !execution.open.has(event.EventId)) {
        return;
      }
      progress.report({ kind: 'activity-started', ...activity });
      const outcome = await callActivity(core, invoker, instance.id, event, execution.created.trace?.own);
      if (outcome.ok) {
        warnIfLarge(log, `The result of the activity ${event.Name}`, outcome.result, instance.id);
      } else {
        log.warn(outcome.reason, { instance: instance.id, function: event.Name });
      }
      if (instance.execution === execution) {
        await this.#hub.accept(instance, activityAnswer(event, outcome, this.#now()));
      }
      const { ok } = outcome;
      progress.report(
        ok
          ? { kind: 'activity-completed', ...activity }
          : { kind: 'activity-failed', ...activity, reason: outcome.reason },
      );
    });
  }

  #beginChild(parent: Instance, event: SubOrchestrationCreatedEvent): void {
    const link = { instanceId: parent.id, executionId: parent.execution.created.executionId, taskId: event.EventId };
    const there = this.#hub.find(event.InstanceId);
    if (there !== undefined && isSameLink(there.execution.created.parent, link)) {
      if (there.isTerminal) {
        this.answerParent(there);
      }
      return;
    }
    const { Name: name, InstanceId: instanceId, Version: version, Input: input } = event;
    const traceParent = parent.execution.created.trace?.own;
    const request = {
      name,
      instanceId,
      version,
      input,
      parent: link,
      ...(traceParent !== undefined && { traceParent }),
    };
    this.#hub.start(request).catch((error: unknown) => {
      if (error instanceof HostError && error.code !== 'host_state_write_failed') {
        const failure = childFailure(messageOf(error), undefined);
        this.#answer(link, { EventId: -1, Timestamp: this.#now(), TaskScheduledId: link.taskId, ...failure });
      } else {
        this.#options.onFailure(error);
      }
    });
  }

  #armTimer(instance: Instance, event: TimerCreatedEvent): void {
    const { clock } = this.#options;
    const { execution } = instance;
    const callOff = clock.after(Date.parse(event.FireAt) - clock.now(), () => {
      instance.timers.delete(event.EventId);
      if (instance.execution === execution) {
        const timer = { TimerId: event.EventId, FireAt: event.FireAt };
        this.#accept(instance, { EventType: EventType.TimerFired, EventId: -1, Timestamp: this.#now(), ...timer });
      }
    });
    instance.timers.set(event.EventId, callOff);
  }

  /** Gives a parent the answer to one of its tasks, if that very execution still waits for it. */
  #answer(link: ParentLink, answer: AnswerEvent): void {
    const parent = this.#hub.find(link.instanceId);
    if (parent?.execution.created.executionId === link.executionId) {
      this.#accept(parent, answer);
    }
  }

  #accept(instance: Instance, event: AnswerEvent): void {
    this.#hub.accept(instance, event)?.catch(this.#options.onFailure);
  }

  #now(): string {
    return isoTime(this.#options.clock.now());
  }
}

function childFailure(reason: string, details: string | undefined) {
  return { EventType: EventType.SubOrchestrationInstanceFailed, Reason: reason, Details: details ?? '' } as const;
}

function isSameLink(a: ParentLink | undefined, b: ParentLink): boolean {
  return a !== undefined && a.instanceId === b.instanceId && a.executionId === b.executionId && a.taskId === b.taskId;
}
