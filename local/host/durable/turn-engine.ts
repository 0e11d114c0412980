import type { Telemetry } from '../../../shared/ports/telemetry';
import { isoTime } from '../host-clock';
import type { Progress } from '../progress';
import type { HistoryStore } from '../storage/history-store';
import type { MessageRecord, TurnRecord } from '../storage/records';
import type { Effects } from './effects';
import { Execution } from './execution';
import { isTerminal } from './history';
import { describeInstance, type Instance, newId } from './instance';
import { versionProblem } from './orchestration-version';
import { continuedExecution, planTurn, type TurnPlan } from './turn';
import { TurnRunner, type TurnRunnerOptions } from './turn-runner';
import { WorkQueue } from './work-queue';

/*
 * The order of writes, and why a kill between any two of them loses nothing and repeats no finished activity.
 *
 * An instance's file holds `created`, then `message` and `turn` records in the order in which the host's memory took
 * them in. A record's effects begin only after it is on disk, and every effect can be told, from records alone, to have
 * happened or not:
 *
 * 1. Start: `created` is written, then the caller gets its answer. Killed before: the caller has no answer, and there is
 *    no instance; a cut-off file is removed at load.
 * 2. Turn: `turn` is written, then what it scheduled begins. Killed before: the messages are still unused, and the turn
 *    is done again, from the same history, with nothing begun. Killed after: at load every scheduled task without an
 *    answer (Execution.open) is begun again:
 *      - an activity runs again: whether it had finished cannot be known (at least once). One whose answer is on disk is
 *        not open, so it never runs again;
 *      - a timer is armed again for the time in its record;
 *      - a sub-orchestration is looked up by its instance id. If what is there was created for this very task (parent id,
 *        parent execution, task id: the `parent` in its `created` record), it is left to go on, or, if it has ended,
 *        its answer is delivered; otherwise it is started.
 * 3. Answer: an activity's, a timer's or a child's answer is a `message`. Killed before it: see 2. A second delivery of
 *    the same answer finds the task no longer open and is dropped, so a child's end reaches its parent exactly once,
 *    whether the kill came before or after the parent's record.
 * 4. End: a child's last `turn` is written before its answer goes to the parent. Killed between: the parent's task is
 *    open, and 2 delivers it.
 * 5. Starting an ended instance over, and continuing as new, replace the file by rename: it is the old execution whole, or
 *    the new one. Killed before: a start had no answer yet, a continuation is done again by its turn. The new execution
 *    has an id of its own; answers to the old one name the old id and are dropped.
 * 6. Events and commands from outside (raise, terminate, suspend, resume) are a `message` before they are answered.
 *
 * An instance takes its next turn only after the last one's record is on disk and its effects have begun; messages may
 * come in meanwhile, behind it in the file.
 */

export interface TurnEngineOptions extends TurnRunnerOptions {
  readonly store: HistoryStore;
  readonly progress: Progress;
  readonly effects: Effects;
  readonly telemetry?: Pick<Telemetry, 'request'>;
  /** An instance's state has changed, on disk too. */
  readonly onChange: (instance: Instance) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Replays of shorter histories are so cheap that each answer may have a turn of its own. */
const LONG_HISTORY_EVENTS = 100;

/** Runs instances turn by turn: a message comes in, a turn uses it, the turn's record is written, its effects begin. */
export class TurnEngine {
  readonly #options: TurnEngineOptions;
  readonly #runner: TurnRunner;
  readonly #turns: WorkQueue;
  readonly #pauses = new Set<() => void>();
  #isStopped = false;

  constructor(options: TurnEngineOptions) {
    this.#options = options;
    this.#runner = new TurnRunner(options);
    this.#turns = new WorkQueue(options.config.maxConcurrentOrchestratorFunctions, options.onFailure);
  }

  /** Takes a message in; the promise is for its being on disk. Undefined: the instance has no use for it. */
  accept(instance: Instance, event: MessageRecord['event']): Promise<void> | undefined {
    if (!instance.execution.accept(event)) {
      return undefined;
    }
    const written = this.#options.store.append(instance.id, { record: 'message', event });
    this.pump(instance);
    return written;
  }

  /** Lets the instance take its next turn, if there is something for it to do. */
  pump(instance: Instance): void {
    if (!this.#isStopped && !instance.isBusy && this.#nextTurn(instance) !== undefined) {
      instance.isBusy = true;
      this.#turns.add(() => this.#turn(instance));
    }
  }

  /** Begins no turn any more; {@link idle} resolves when those under way are on disk. */
  stop(): void {
    this.#isStopped = true;
    this.#turns.stop();
    for (const callOff of this.#pauses) {
      callOff();
    }
  }

  idle(): Promise<void> {
    return this.#turns.idle();
  }

  #nextTurn(instance: Instance): TurnPlan | undefined {
    const plan = planTurn(instance.execution);
    return plan?.kind === 'run' && instance.refusal !== undefined ? undefined : plan;
  }

  async #turn(instance: Instance): Promise<void> {
    const plan = this.#nextTurn(instance);
    const spent = plan === undefined ? 0 : await this.#carryOut(instance, plan);
    const goOn = () => {
      instance.isBusy = false;
      this.pump(instance);
    };
    const { history, open } = instance.execution;
    if (this.#isStopped || spent === 0 || history.length < LONG_HISTORY_EVENTS || open.size < 2) {
      goOn();
      return;
    }
    // A replay costs as much as the history is long: a fan-in that took a turn for every answer would cost the square of
    // its width. Pausing in proportion bounds what replays take of the whole time, and lets answers gather meanwhile.
    const callOff = this.#options.clock.after(2 * spent, () => {
      this.#pauses.delete(callOff);
      goOn();
    });
    this.#pauses.add(callOff);
  }

  /** @returns how long the orchestrator's code and its replay took, in milliseconds */
  async #carryOut(instance: Instance, plan: TurnPlan): Promise<number> {
    const { store, clock, config } = this.#options;
    const problem = plan.kind === 'run' ? versionProblem(instance.execution.created.version, config) : undefined;
    if (problem !== undefined) {
      await this.#refuse(instance, plan, problem);
      return 0;
    }
    const startedAt = clock.now();
    const result = await this.#runner.run(instance, plan);
    const spent = clock.now() - startedAt;
    if (result.kind === 'turn') {
      await store.append(instance.id, result.turn);
      this.#apply(instance, result.turn);
    } else {
      const next = { executionId: newId(), createdAt: isoTime(clock.now()) };
      const created = continuedExecution(instance.execution, result, plan, next);
      // Messages that come in from here on belong behind the new file's first record.
      instance.begin(new Execution(created));
      await store.replace(created);
      this.#options.onChange(instance);
    }
    return spent;
  }

  /** With `Reject`, production's default, the instance is left as it is for a host that can run it. */
  async #refuse(instance: Instance, plan: TurnPlan, problem: string): Promise<void> {
    const { config, log, progress, store } = this.#options;
    log.error(`The instance "${instance.id}" is not run: ${problem}`, { instance: instance.id });
    if (config.versionFailureStrategy === 'Fail') {
      const turn = this.#runner.failed(instance, plan, problem);
      await store.append(instance.id, turn);
      this.#apply(instance, turn);
      return;
    }
    instance.refusal = problem;
    progress.report({ kind: 'instance-refused', instanceId: instance.id, name: instance.name, reason: problem });
    this.#options.onChange(instance);
  }

  /** A turn's record is on disk: now it counts, and its effects begin. */
  #apply(instance: Instance, turn: TurnRecord): void {
    const { effects, onChange } = this.#options;
    const { execution } = instance;
    execution.apply(turn);
    for (const timer of turn.cancelledTimers) {
      instance.timers.get(timer)?.();
      instance.timers.delete(timer);
    }
    for (const event of this.#isStopped ? [] : turn.scheduled) {
      if (execution.open.has(event.EventId)) {
        effects.begin(instance, event);
      }
    }
    if (isTerminal(turn.status)) {
      instance.callOffTimers();
      instance.forgetHistory();
      this.#options.progress.report({ kind: 'instance-completed', ...describeInstance(instance), status: turn.status });
      this.#tellEnd(execution, turn);
      if (!this.#isStopped) {
        effects.answerParent(instance);
      }
    }
    onChange(instance);
  }

  /** One span from the start to the end, by the name that the Durable extension gives it (DurableTask.Core, TraceHelper). */
  #tellEnd({ created }: Execution, { endedAt, status }: TurnRecord): void {
    const { name, version, instanceId, createdAt, trace } = created;
    if (trace === undefined) {
      return;
    }
    this.#options.telemetry?.request({
      name: version === null ? `orchestration:${name}` : `orchestration:${name}@(${version})`,
      traceParent: trace.own,
      parent: trace.parent,
      startMs: Date.parse(createdAt),
      endMs: Date.parse(endedAt),
      dimensions: { trigger: 'orchestrationTrigger', instance: instanceId },
      problem: status === 'Completed' ? undefined : status,
    });
  }
}
