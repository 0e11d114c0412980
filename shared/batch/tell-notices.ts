import type { Notices } from '../messages/manifest';
import type { Log } from '../ports/log';

/** Logs what was noticed about a published day, a line for each reason and each field, so that queries can follow them over days. */
export function tellNotices(log: Log, { quarantine, drift, driftUnnamed, staleRepairs }: Notices): void {
  for (const [reason, messages] of Object.entries(quarantine)) {
    log.info('Messages are kept out of the day.', { reason, messages });
  }
  const unnamed = driftUnnamed > 0 ? { '…': driftUnnamed } : {};
  for (const [field, messages] of Object.entries({ ...drift, ...unnamed })) {
    log.info('Messages have a field that the contract does not know.', { field, messages });
  }
  if (staleRepairs !== undefined)
    log.warn('Corrected copies are passed over: their messages have changed since.', { messages: staleRepairs });
}
