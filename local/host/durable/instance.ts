import { randomUUID } from 'node:crypto';
import type { Execution } from './execution';
import type { RuntimeStatus } from './history';
import { WireHistory } from './wire-history';

/** An instance in the memory of the host: its current execution, and what goes on with it. */
export class Instance {
  readonly id: string;
  #execution: Execution;
  #wireHistory = new WireHistory();
  /** A turn is waiting, under way, or being written: there is one at a time. */
  isBusy = false;
  /** Why this host does not run the instance; it stays as it is until another host does. */
  refusal: string | undefined;
  /** What calls off the durable timers that are armed, by task. */
  readonly timers = new Map<number, () => void>();

  constructor(execution: Execution) {
    this.id = execution.created.instanceId;
    this.#execution = execution;
  }

  get execution(): Execution {
    return this.#execution;
  }

  get name(): string {
    return this.#execution.created.name;
  }

  get isTerminal(): boolean {
    return this.#execution.isTerminal;
  }

  get wireHistory(): WireHistory {
    return this.#wireHistory;
  }

  /** Goes on with another execution of the same instance id. */
  begin(execution: Execution): void {
    this.callOffTimers();
    this.refusal = undefined;
    this.#execution = execution;
    this.#wireHistory = new WireHistory();
  }

  callOffTimers(): void {
    for (const callOff of this.timers.values()) {
      callOff();
    }
    this.timers.clear();
  }

  /** See {@link Execution.forgetHistory}. */
  forgetHistory(): void {
    this.#wireHistory = new WireHistory();
    this.#execution.forgetHistory();
  }
}

/** An instance as people and programs ask for it. JSON values are parsed. */
export interface InstanceStatus {
  readonly instanceId: string;
  readonly name: string;
  readonly version: string | null;
  readonly runtimeStatus: RuntimeStatus;
  readonly input: unknown;
  readonly output: unknown;
  readonly customStatus: unknown;
  /** ISO 8601, UTC. */
  readonly createdTime: string;
  readonly lastUpdatedTime: string;
  readonly parentInstanceId?: string;
  /** Why this host does not run it. */
  readonly refusal?: string;
}

export function statusOf(instance: Instance): InstanceStatus {
  const { created, status, output, customStatus, lastUpdatedAt } = instance.execution;
  return {
    instanceId: instance.id,
    name: created.name,
    version: created.version,
    runtimeStatus: status,
    input: parseOrNull(created.input),
    output: parseOrNull(output),
    customStatus: customStatus ?? null,
    createdTime: created.createdAt,
    lastUpdatedTime: lastUpdatedAt,
    ...(created.parent && { parentInstanceId: created.parent.instanceId }),
    ...(instance.refusal !== undefined && { refusal: instance.refusal }),
  };
}

/** An instance as progress events name it. */
export function describeInstance(instance: Instance): { instanceId: string; name: string; parentInstanceId?: string } {
  const { parent } = instance.execution.created;
  return { instanceId: instance.id, name: instance.name, ...(parent && { parentInstanceId: parent.instanceId }) };
}

/** An id for an instance or execution, in the framework's form: 32 hexadecimal digits. */
export function newId(): string {
  return randomUUID().replaceAll('-', '');
}

function parseOrNull(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}
