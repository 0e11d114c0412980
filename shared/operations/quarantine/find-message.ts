import type { BatchPlatform } from '../../batch/batch-platform';
import { exportContext } from '../../batch/export-steps';
import type { MessageKey } from '../../messages/message-key';
import type { Tenant } from '../../tenants';
import { type InspectedMessage, inspectMessage } from './inspect-message';
import { datesOfMessage } from './message-of-key';

/**
 * One message and the business day that it is of: the given one, else that of its key. Where the key has no readable time, the day among
 * those that it may be of that has it in quarantine, or a corrected copy of it.
 *
 * @throws as {@link inspectMessage}
 */
export async function findMessage(
  platform: BatchPlatform,
  { id: tenant, timeZone }: Tenant,
  key: MessageKey,
  date?: string,
): Promise<InspectedMessage> {
  const dates = date === undefined ? datesOfMessage(key, timeZone) : [date];
  const inspected: InspectedMessage[] = [];
  for (const each of dates) {
    const message = await inspectMessage(exportContext(platform, { tenant, timeZone, date: each }, 'quarantine'), key);
    if (message.line !== undefined || message.repair !== undefined) return message;
    inspected.push(message);
  }
  const [likeliest] = inspected;
  if (likeliest === undefined) throw new RangeError('A message may be of no day.');
  return likeliest;
}
