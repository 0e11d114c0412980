/** Time as the host sees it: what is due later can be called off, so that nothing keeps a stopped host alive. */
export interface HostClock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Calls `callback` once, no sooner than `ms` milliseconds from now; the returned function calls it off. */
  after(ms: number, callback: () => void): () => void;
}

/** The longest delay of setTimeout; a longer one would fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: HostClock = {
  now: () => Date.now(),
  after(ms, callback) {
    const due = Date.now() + ms;
    let handle: NodeJS.Timeout;
    const arm = () => {
      const rest = due - Date.now();
      handle = setTimeout(() => (rest > LONGEST_TIMEOUT_MS ? arm() : callback()), clampDelay(rest));
    };
    arm();
    return () => clearTimeout(handle);
  },
};

function clampDelay(ms: number): number {
  return Math.min(Math.max(ms, 0), LONGEST_TIMEOUT_MS);
}

/** `ms` as the ISO text of histories and records. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
