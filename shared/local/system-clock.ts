import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../ports/clock';

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    await delay(ms);
  },
};
