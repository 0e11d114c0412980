import type { Clock } from '../../shared/ports/clock';

/**
 * A clock whose time is what `now` says. A sleep is over at once and moves nothing; one with a signal, which goes on beside other work,
 * lasts until that aborts.
 *
 * @param slept is given how long every sleep without a signal was meant to be
 */
export function standingClock(now: () => number, slept: number[] = []): Clock {
  return {
    now,
    sleep: async (ms, signal) => {
      if (signal !== undefined) return untilAborted(signal);
      slept.push(ms);
    },
  };
}

export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
