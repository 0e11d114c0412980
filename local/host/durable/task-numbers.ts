import { ReplayTask } from './replay-task';

/** A task that a replay asked for and that no event of the history has scheduled yet. */
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

/** The tasks of a replay, each under the next sequence number from the moment it is asked for. */
export class TaskNumbers {
  readonly #asked = new Map<number, NewTask>();
  readonly #open = new Map<number, ReplayTask>();
  #next = 0;

  /** What was asked for and not confirmed by the history, by ascending number. */
  get newTasks(): NewTask[] {
    return [...this.#asked.values()].sort((a, b) => a.id - b.id);
  }

  get openTasks(): ReadonlySet<number> {
    return new Set(this.#open.keys());
  }

  ask(describe: (id: number) => NewTask): ReplayTask {
    const id = this.#next++;
    const task = new ReplayTask();
    this.#asked.set(id, describe(id));
    this.#open.set(id, task);
    return task;
  }

  /** Asks for a task that is called off already: it has its number, counts as settled, and is not open. */
  askCalledOff(describe: (id: number) => NewTask): ReplayTask {
    this.ask(describe);
    this.#open.delete(this.#next - 1);
    return ReplayTask.settled();
  }

  /** An answer to a task that is not open (called off, or answered before) changes nothing. */
  answer(id: number, failed: boolean): void {
    const task = this.#open.get(id);
    this.#open.delete(id);
    task?.settle(failed);
  }

  /**
   * Checks an event that scheduled a task against what the replay has asked for by now.
   * @returns how the two disagree, or undefined where they do not
   */
  confirm(id: number, kind: NewTask['kind'], name?: string): string | undefined {
    const asked = this.#asked.get(id);
    if (asked !== undefined && asked.kind === kind && (asked.kind === 'timer' || isSameName(asked.name, name ?? ''))) {
      this.#asked.delete(id);
      return undefined;
    }
    const did =
      asked === undefined ? 'did not ask for that task' : `asked for ${describeTask(asked.kind, nameOf(asked))} there`;
    return (
      `Non-deterministic orchestration: the history has ${describeTask(kind, name)} scheduled as task ${id}, but the replay ${did}. ` +
      'Was the orchestrator changed while this instance was running, or is it not deterministic?'
    );
  }
}

function describeTask(kind: NewTask['kind'], name: string | undefined): string {
  return name === undefined ? `a ${kind}` : `the ${kind} "${name}"`;
}

function nameOf(task: NewTask): string | undefined {
  return task.kind === 'timer' ? undefined : task.name;
}

/** Function names are compared without case. */
function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
