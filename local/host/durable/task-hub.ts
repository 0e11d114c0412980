import type { Telemetry } from '../../../shared/ports/telemetry';
import { newTraceParent } from '../../../shared/telemetry/trace-parent';
import { HostError } from '../errors';
import { isoTime } from '../host-clock';
import type { Progress } from '../progress';
import type { HistoryStore } from '../storage/history-store';
import type { CreatedRecord, MessageRecord } from '../storage/records';
import { Effects } from './effects';
import { Execution } from './execution';
import { EventType, type HistoryEvent } from './history';
import { describeInstance, Instance, type InstanceStatus, newId, statusOf } from './instance';
import { instanceIdProblem } from './instance-id';
import type { StartRequest } from './start-request';
import { TurnEngine } from './turn-engine';
import type { TurnRunnerOptions } from './turn-runner';
import { type Until, Watchers } from './watchers';

export interface TaskHubOptions extends TurnRunnerOptions {
  readonly store: HistoryStore;
  readonly progress: Progress;
  /** Is told every instance that has ended. */
  readonly telemetry?: Pick<Telemetry, 'request'>;
  /** Called once, when the host cannot go on: its history cannot be written, or it has a defect. */
  readonly onFailure: (error: HostError) => void;
}

/** How a message to an instance fared: `gone` where it has ended, `unknown` where there is none. */
export type Delivery = 'accepted' | 'gone' | 'unknown';

const controlEvents = {
  terminate: EventType.ExecutionTerminated,
  suspend: EventType.ExecutionSuspended,
  resume: EventType.ExecutionResumed,
} as const;

/** The task hub: all instances of the app, and what can be asked of them. The running is done by the TurnEngine. */
export class TaskHub {
  readonly #options: TaskHubOptions;
  readonly #instances = new Map<string, Instance>();
  readonly #watchers: Watchers;
  readonly #effects: Effects;
  readonly #engine: TurnEngine;
  #isStopped = false;

  constructor(options: TaskHubOptions) {
    const parts = { ...options, onFailure: (error: unknown) => this.fail(error) };
    this.#options = options;
    this.#watchers = new Watchers(options.clock);
    this.#effects = new Effects(parts, {
      find: (instanceId) => this.#instances.get(instanceId),
      accept: (instance, event) => this.#engine.accept(instance, event),
      start: (request) => this.start(request),
    });
    this.#engine = new TurnEngine({
      ...parts,
      effects: this.#effects,
      onChange: (instance) => this.#watchers.changed(instance.id, () => statusOf(instance)),
    });
  }

  /** Takes in what earlier hosts have left, and goes on with it. */
  resume(executions: readonly Execution[]): void {
    const running: Instance[] = [];
    for (const execution of executions) {
      const instance = new Instance(execution);
      this.#instances.set(instance.id, instance);
      if (!instance.isTerminal) {
        running.push(instance);
      }
    }
    for (const instance of running) {
      this.#options.progress.report({ kind: 'instance-resumed', ...describeInstance(instance) });
      for (const event of [...instance.execution.open.values()]) {
        this.#effects.begin(instance, event);
      }
      this.#engine.pump(instance);
    }
  }

  /**
   * Starts an instance; one of that id that has ended is replaced.
   * @returns its id, once the start is on disk
   * @throws HostError `host_request_invalid` for a bad id, `host_function_unknown`, `host_instance_exists` while one of
   * that id is running
   */
  async start(request: StartRequest): Promise<string> {
    const { store, progress } = this.#options;
    const created = this.#newExecution(request);
    const earlier = this.#instances.get(created.instanceId);
    if (earlier !== undefined && !earlier.isTerminal) {
      throw new HostError(
        'host_instance_exists',
        `An instance with the id "${created.instanceId}" already exists, with the status ${earlier.execution.status}.`,
      );
    }
    const instance = earlier ?? new Instance(new Execution(created));
    if (earlier === undefined) {
      this.#instances.set(instance.id, instance);
    } else {
      earlier.begin(new Execution(created));
    }
    const written = earlier === undefined ? store.create(created) : store.replace(created);
    this.#engine.pump(instance);
    await written;
    progress.report({ kind: 'instance-started', ...describeInstance(instance) });
    this.#watchers.changed(instance.id, () => statusOf(instance));
    return instance.id;
  }

  /** Gives the instance an external event; `input` is JSON text. */
  raiseEvent(instanceId: string, name: string, input: string | null): Promise<Delivery> {
    return this.#send(instanceId, {
      EventType: EventType.EventRaised,
      EventId: -1,
      Timestamp: this.#now(),
      Name: name,
      Input: input,
    });
  }

  control(instanceId: string, command: keyof typeof controlEvents, reason: string | null): Promise<Delivery> {
    return this.#send(instanceId, {
      EventType: controlEvents[command],
      EventId: -1,
      Timestamp: this.#now(),
      Input: reason,
    });
  }

  /** Removes an instance that has ended, with its history. */
  async purge(instanceId: string): Promise<'purged' | 'running' | 'unknown'> {
    const instance = this.#instances.get(instanceId);
    if (instance === undefined) {
      return 'unknown';
    }
    if (!instance.isTerminal) {
      return 'running';
    }
    this.#instances.delete(instanceId);
    await this.#options.store.remove(instanceId);
    return 'purged';
  }

  status(instanceId: string): InstanceStatus | undefined {
    const instance = this.#instances.get(instanceId);
    return instance && statusOf(instance);
  }

  /** All instances, the earliest created first. */
  list(): InstanceStatus[] {
    const order = (a: InstanceStatus, b: InstanceStatus) =>
      a.createdTime.localeCompare(b.createdTime) || a.instanceId.localeCompare(b.instanceId);
    return [...this.#instances.values()].map(statusOf).sort(order);
  }

  /** The recorded history of an instance's current execution; undefined where there is no such instance. */
  async history(instanceId: string): Promise<readonly HistoryEvent[] | undefined> {
    const instance = this.#instances.get(instanceId);
    const execution = instance?.isTerminal ? await this.#options.store.read(instanceId) : instance?.execution;
    return execution && [...execution.history];
  }

  /** See {@link Watchers.wait}. */
  waitFor(instanceId: string, until: Until, timeoutMs?: number): Promise<InstanceStatus> {
    return this.#watchers.wait(instanceId, until, this.status(instanceId), timeoutMs);
  }

  /** Gives up: what the host believes and what is on disk may have parted, so nothing more is begun. */
  fail(error: unknown): void {
    if (this.#isStopped) {
      return;
    }
    this.#isStopped = true;
    const failure =
      error instanceof HostError
        ? error
        : new HostError('host_defect', `The local host has a defect: ${String(error)}`, error);
    this.#engine.stop();
    this.#effects.stop();
    this.#watchers.rejectAll(failure);
    this.#options.onFailure(failure);
  }

  /**
   * Begins nothing more, and waits up to `graceMs` for the activities and turns under way, whose records are still
   * written; everything else goes on when a host starts again.
   */
  async stop(graceMs: number): Promise<void> {
    this.#isStopped = true;
    this.#engine.stop();
    this.#effects.stop();
    for (const instance of this.#instances.values()) {
      instance.callOffTimers();
    }
    this.#watchers.rejectAll(new HostError('host_stopped', 'The local host has stopped.'));
    let callOff = () => {};
    const grace = new Promise<void>((resolve) => {
      callOff = this.#options.clock.after(graceMs, resolve);
    });
    await Promise.race([Promise.all([this.#engine.idle(), this.#effects.idle()]), grace]);
    callOff();
  }

  #newExecution(request: StartRequest): CreatedRecord {
    const { core, config } = this.#options;
    const instanceId = request.instanceId ?? newId();
    const problem = instanceIdProblem(instanceId, request.parent !== undefined);
    if (problem !== undefined) {
      throw new HostError('host_request_invalid', problem);
    }
    const target = core.find(request.name);
    if (target?.trigger.binding.type !== 'orchestrationTrigger') {
      throw new HostError(
        'host_function_unknown',
        `The function "${request.name}" doesn't exist, is disabled, or is not an orchestrator function.`,
      );
    }
    return {
      record: 'created',
      instanceId,
      executionId: newId(),
      name: target.metadata.name,
      version: request.version ?? config.defaultVersion,
      input: request.input,
      createdAt: this.#now(),
      ...(request.parent && { parent: request.parent }),
      trace: {
        own: newTraceParent(request.traceParent),
        ...(request.traceParent !== undefined && { parent: request.traceParent }),
      },
    };
  }

  async #send(instanceId: string, event: MessageRecord['event']): Promise<Delivery> {
    const instance = this.#instances.get(instanceId);
    if (instance === undefined) {
      return 'unknown';
    }
    const written = this.#engine.accept(instance, event);
    await written;
    return written === undefined ? 'gone' : 'accepted';
  }

  #now(): string {
    return isoTime(this.#options.clock.now());
  }
}
