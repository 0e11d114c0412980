import { HostError } from '../errors';
import type { HostClock } from '../host-clock';
import { isTerminal } from './history';
import type { InstanceStatus } from './instance';

/** What to wait for: the end of the instance, or the first state for which the function gives true. */
export type Until = 'terminal' | ((status: InstanceStatus) => boolean);

interface Watcher {
  readonly until: Until;
  readonly resolve: (status: InstanceStatus) => void;
  readonly reject: (error: HostError) => void;
}

/** Whoever waits for an instance to reach a state, known to the host yet or not; told by its changes, without polling. */
export class Watchers {
  readonly #clock: HostClock;
  readonly #byInstance = new Map<string, Set<Watcher>>();

  constructor(clock: HostClock) {
    this.#clock = clock;
  }

  /**
   * Resolves with the first state that satisfies `until`, `current` (if there is one) included.
   * @throws HostError `host_wait_timed_out` after `timeoutMs`, `host_stopped` when the host stops before
   */
  wait(
    instanceId: string,
    until: Until,
    current: InstanceStatus | undefined,
    timeoutMs: number | undefined,
  ): Promise<InstanceStatus> {
    if (current !== undefined && satisfies(current, until)) {
      return Promise.resolve(current);
    }
    return new Promise((resolve, reject) => {
      const watchers = this.#byInstance.get(instanceId) ?? new Set<Watcher>();
      const callOff =
        timeoutMs === undefined
          ? undefined
          : this.#clock.after(timeoutMs, () => {
              watchers.delete(watcher);
              reject(
                new HostError('host_wait_timed_out', `"${instanceId}" did not get there within ${timeoutMs / 1000} s.`),
              );
            });
      const watcher: Watcher = {
        until,
        resolve: (status) => {
          callOff?.();
          resolve(status);
        },
        reject: (error) => {
          callOff?.();
          reject(error);
        },
      };
      watchers.add(watcher);
      this.#byInstance.set(instanceId, watchers);
    });
  }

  /** `status` is asked for only where somebody waits: it parses JSON. */
  changed(instanceId: string, status: () => InstanceStatus): void {
    const watchers = this.#byInstance.get(instanceId);
    if (watchers === undefined) {
      return;
    }
    const current = status();
    for (const watcher of watchers) {
      if (satisfies(current, watcher.until)) {
        watchers.delete(watcher);
        watcher.resolve(current);
      }
    }
    if (watchers.size === 0) {
      this.#byInstance.delete(instanceId);
    }
  }

  rejectAll(error: HostError): void {
    for (const watchers of this.#byInstance.values()) {
      for (const watcher of watchers) {
        watcher.reject(error);
      }
    }
    this.#byInstance.clear();
  }
}

function satisfies(status: InstanceStatus, until: Until): boolean {
  return until === 'terminal' ? isTerminal(status.runtimeStatus) : until(status);
}
