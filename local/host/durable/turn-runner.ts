import type { Log } from '../../../shared/ports/log';
import type { FunctionsCore } from '../app/functions-core';
import type { Invoker } from '../app/invocation';
import { callOrchestrator } from '../app/orchestrator-call';
import type { HostClock } from '../host-clock';
import { isoTime } from '../host-clock';
import type { HostConfig } from '../host-config';
import type { TurnRecord } from '../storage/records';
import { EventType } from './history';
import type { Instance } from './instance';
import { warnIfLarge } from './payload-limits';
import type { ReplayContext } from './task-calls';
import { controlTurn, decideTurn, newEvents, type TurnPlan, type TurnResult, type TurnTimes } from './turn';

export interface TurnRunnerOptions {
  readonly core: FunctionsCore;
  readonly invoker: Invoker;
  readonly config: HostConfig;
  readonly clock: HostClock;
  readonly log: Log;
}

/** Works out what an instance's turn comes to: calls its orchestrator where the turn is one of its code. */
export class TurnRunner {
  readonly #options: TurnRunnerOptions;

  constructor(options: TurnRunnerOptions) {
    this.#options = options;
  }

  async run(instance: Instance, plan: TurnPlan): Promise<TurnResult> {
    const { execution } = instance;
    const startedAt = this.#timeNotBefore(instance, plan);
    if (plan.kind !== 'run') {
      return { kind: 'turn', turn: controlTurn(execution, plan, this.#times(startedAt)), isStuck: false };
    }
    const { core, invoker, log } = this.#options;
    const answer = await callOrchestrator(
      core,
      invoker,
      execution,
      instance.wireHistory,
      newEvents(execution, plan, startedAt),
    );
    const result = decideTurn(execution, plan, answer, this.#replayContext(instance), this.#times(startedAt));
    if (result.kind === 'turn') {
      this.#warn(instance, result.turn);
      if (result.isStuck) {
        log.error(
          `The instance "${instance.id}" of ${instance.name} waits for nothing that could still come, and will hang.`,
          {
            instance: instance.id,
          },
        );
      }
    }
    return result;
  }

  /** The record of an instance that fails without its code being called. */
  failed(instance: Instance, plan: TurnPlan, reason: string): TurnRecord {
    return {
      record: 'turn',
      ...this.#times(this.#timeNotBefore(instance, plan)),
      used: plan.messages,
      scheduled: [],
      cancelledTimers: [],
      status: 'Failed',
      output: JSON.stringify(reason),
    };
  }

  #times(startedAt: string): TurnTimes {
    const now = isoTime(this.#options.clock.now());
    return { startedAt, endedAt: now > startedAt ? now : startedAt };
  }

  /** Time in a history never goes back, though the machine's clock may between two starts of the host. */
  #timeNotBefore(instance: Instance, plan: TurnPlan): string {
    let latest = isoTime(this.#options.clock.now());
    const { execution } = instance;
    const stamps = plan.messages.map((number) => execution.pending.get(number)?.Timestamp ?? '');
    for (const stamp of [execution.lastUpdatedAt, ...stamps]) {
      if (stamp > latest) {
        latest = stamp;
      }
    }
    return latest;
  }

  #replayContext(instance: Instance): ReplayContext {
    const { core, config } = this.#options;
    const { instanceId, executionId, parent } = instance.execution.created;
    const has = (type: string) => (name: string) => core.find(name)?.trigger.binding.type === type;
    return {
      instanceId,
      executionId,
      defaultVersion: config.defaultVersion,
      hasActivity: has('activityTrigger'),
      hasOrchestrator: has('orchestrationTrigger'),
      ...(parent && { parentInstanceId: parent.instanceId }),
    };
  }

  #warn(instance: Instance, turn: TurnRecord): void {
    const { log } = this.#options;
    for (const event of turn.scheduled) {
      if (event.EventType === EventType.TaskScheduled) {
        warnIfLarge(log, `The input of the activity ${event.Name}`, event.Input, instance.id);
      } else if (event.EventType === EventType.SubOrchestrationInstanceCreated) {
        warnIfLarge(log, `The input of the sub-orchestration ${event.Name}`, event.Input, instance.id);
      }
    }
    warnIfLarge(log, `The result of the orchestrator ${instance.name}`, turn.output ?? null, instance.id);
  }
}
