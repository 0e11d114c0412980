import type { Log } from '../../../shared/ports/log';
import { HostError, messageOf } from '../errors';
import type { HostClock } from '../host-clock';
import { resolveSettings } from '../host-config';
import type { Progress } from '../progress';
import type { FunctionsCore } from './functions-core';
import type { Invoker } from './invocation';
import { parseSchedule, type TimerSchedule } from './timer-schedule';
import type { RegisteredFunction } from './worker-types';

export interface TimerFunctionsOptions {
  readonly core: FunctionsCore;
  readonly invoker: Invoker;
  readonly clock: HostClock;
  readonly log: Log;
  readonly progress: Progress;
  /** Resolve `%NAME%` in schedules. */
  readonly settings: Readonly<Record<string, string | undefined>>;
}

interface TimerFunction {
  readonly target: RegisteredFunction;
  readonly schedule: TimerSchedule;
  readonly runsOnStartup: boolean;
}

/** What the Functions host gives a timer function; the local host keeps no record of missed times. */
const timerData = { json: '{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}' };

/** The app's timer functions, run at their times (UTC), each never twice at once. */
export class TimerFunctions {
  readonly #options: TimerFunctionsOptions;
  readonly #timers = new Map<string, TimerFunction>();
  readonly #due = new Map<TimerFunction, () => void>();
  readonly #running = new Set<Promise<void>>();
  #isStopped = false;

  /** @throws HostError `host_app_invalid` for a schedule that is wrong or names a setting that is not there */
  constructor(options: TimerFunctionsOptions) {
    this.#options = options;
    for (const target of options.core.functions) {
      if (target.trigger.binding.type === 'timerTrigger') {
        this.#timers.set(target.metadata.name.toLowerCase(), timerFunction(target, options.settings));
      }
    }
  }

  start(): void {
    for (const timer of this.#timers.values()) {
      if (timer.runsOnStartup) {
        this.#runByItself(timer);
      } else {
        this.#schedule(timer);
      }
    }
  }

  has(name: string): boolean {
    return this.#timers.has(name.toLowerCase());
  }

  /**
   * Runs a timer function now, whatever its schedule says.
   * @throws what the function throws; HostError `host_function_unknown`
   */
  async fire(name: string): Promise<void> {
    const timer = this.#timers.get(name.toLowerCase());
    if (timer === undefined) {
      throw new HostError('host_function_unknown', `There is no timer function "${name}".`);
    }
    await this.#run(timer);
  }

  /** Fires no timer any more; {@link idle} resolves when the functions under way have ended. */
  stop(): void {
    this.#isStopped = true;
    for (const callOff of this.#due.values()) {
      callOff();
    }
    this.#due.clear();
  }

  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  #schedule(timer: TimerFunction): void {
    const { clock } = this.#options;
    const next = timer.schedule.next(clock.now());
    if (this.#isStopped || next === undefined) {
      return;
    }
    this.#due.set(
      timer,
      clock.after(next - clock.now(), () => this.#runByItself(timer)),
    );
  }

  /** A failed run is logged, and the next one comes at its time: a timer trigger does not retry. */
  #runByItself(timer: TimerFunction): void {
    const name = timer.target.metadata.name;
    this.#due.delete(timer);
    void this.#run(timer)
      .catch((error: unknown) => {
        this.#options.log.error(`The timer function "${name}" failed: ${messageOf(error)}`, { function: name });
      })
      .finally(() => this.#schedule(timer));
  }

  async #run(timer: TimerFunction): Promise<void> {
    const { invoker, progress } = this.#options;
    const name = timer.target.metadata.name;
    progress.report({ kind: 'timer-fired', name });
    const running = invoker.invoke(timer.target, timerData).then(() => {});
    this.#running.add(running);
    try {
      await running;
    } catch (error) {
      progress.report({ kind: 'timer-failed', name, reason: messageOf(error) });
      throw error;
    } finally {
      this.#running.delete(running);
    }
  }
}

function timerFunction(
  target: RegisteredFunction,
  settings: Readonly<Record<string, string | undefined>>,
): TimerFunction {
  const where = `the timer function "${target.metadata.name}"`;
  const { schedule, runOnStartup } = target.trigger.binding;
  const expression = resolveSettings(
    typeof schedule === 'string' ? schedule : '',
    settings,
    `the schedule of ${where}`,
  );
  return { target, schedule: parseSchedule(expression, where), runsOnStartup: runOnStartup === true };
}
