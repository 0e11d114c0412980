import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** The share of the time that the event loop may be at work before more work under way would only wait for it. */
const SATURATED = 0.9;
/** Between looks, which cost as much as a small answer. */
const CALLS_A_LOOK = 64;

/**
 * Tells whether this thread has no time left: what is asked for beyond that comes no sooner, takes memory, and costs more for each piece. It looks
 * at the time since it last did.
 */
export function eventLoopGauge(): () => boolean {
  let last: EventLoopUtilization = performance.eventLoopUtilization();
  let calls = 0;
  let isSaturated = false;
  return () => {
    calls += 1;
    if (calls % CALLS_A_LOOK === 0) {
      const now = performance.eventLoopUtilization();
      isSaturated = performance.eventLoopUtilization(now, last).utilization > SATURATED;
      last = now;
    }
    return isSaturated;
  };
}
