import type { TerminalStatus } from './durable/history';

/** What happens in the host, as it happens, for whoever shows it to a person. */
export type ProgressEvent =
  | {
      /** `resumed`: it was running when an earlier host ended, and goes on. */
      readonly kind: 'instance-started' | 'instance-resumed';
      readonly instanceId: string;
      readonly name: string;
      readonly parentInstanceId?: string;
    }
  | { readonly kind: 'instance-refused'; readonly instanceId: string; readonly name: string; readonly reason: string }
  | {
      readonly kind: 'instance-completed';
      readonly instanceId: string;
      readonly name: string;
      readonly parentInstanceId?: string;
      readonly status: TerminalStatus;
    }
  | {
      readonly kind: 'activity-scheduled' | 'activity-started' | 'activity-completed';
      readonly instanceId: string;
      readonly name: string;
      readonly taskId: number;
    }
  | {
      readonly kind: 'activity-failed';
      readonly instanceId: string;
      readonly name: string;
      readonly taskId: number;
      readonly reason: string;
    }
  | { readonly kind: 'timer-fired'; readonly name: string }
  | { readonly kind: 'timer-failed'; readonly name: string; readonly reason: string };

export type ProgressListener = (event: ProgressEvent) => void;

/** Passes progress on to its listeners. */
export class Progress {
  readonly #listeners = new Set<ProgressListener>();

  /** Calls `listener` for every event from now on; the returned function ends that. */
  subscribe(listener: ProgressListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  report(event: ProgressEvent): void {
    for (const listener of this.#listeners) {
      listener(event);
    }
  }
}
