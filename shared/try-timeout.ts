/** What one call may take without a byte moving, in milliseconds, where nobody says otherwise. */
export const DEFAULT_TRY_TIMEOUT_MS = 30_000;

/**
 * Runs one try of a call and gives it up when nothing has moved for `timeoutMs`: a large body may take as long as it
 * needs, a stalled one not. The signal is aborted when the time is up and when the try fails, so that no half-sent request
 * stays behind.
 *
 * The time is raced against the try and not left to the signal alone: an SDK that fetches a token or an account's regions
 * first does not listen to it there.
 *
 * @param attempt calls `moved` whenever it made progress
 * @throws what `timedOut` gives when the time is up, else whatever the try throws
 */
export async function withTryTimeout<T>(
  timeoutMs: number,
  timedOut: () => Error,
  attempt: (signal: AbortSignal, moved: () => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let expire: (error: Error) => void = () => {};
  const expired = new Promise<never>((_, reject) => {
    expire = reject;
  });
  const timer = setTimeout(() => expire(timedOut()), timeoutMs);
  try {
    return await Promise.race([attempt(controller.signal, () => timer.refresh()), expired]);
  } catch (error) {
    controller.abort();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
