import type { Log } from '../../../shared/ports/log';

/** Above this the Azure Storage provider moves a message into a blob, and each replay fetches it again. */
const LARGE_MESSAGE_BYTES = 45 * 1024;
/** The Durable extension refuses a larger custom status; it counts UTF-16, in whole KB. */
const LARGEST_STATUS_KB = 16;

/** Warns of an input or result that production would be slow with. `what` reads like "the result of the activity X". */
export function warnIfLarge(log: Log, what: string, json: string | null, instanceId: string): void {
  const bytes = json === null ? 0 : Buffer.byteLength(json);
  if (bytes > LARGE_MESSAGE_BYTES) {
    log.warn(
      `${what} has ${(bytes / 1024).toFixed(1)} KB. Above 45 KB it goes through a blob at every replay: store it and pass a reference.`,
      { instance: instanceId, bytes },
    );
  }
}

/** Why a custom status is too large, or undefined where it is not. */
export function customStatusProblem(status: unknown): string | undefined {
  const json = status === undefined ? '' : JSON.stringify(status);
  const kilobytes = Math.floor((json.length * 2) / 1024);
  return kilobytes > LARGEST_STATUS_KB
    ? `The custom status has ${kilobytes} KB as UTF-16 JSON; at most ${LARGEST_STATUS_KB} KB are allowed.`
    : undefined;
}
