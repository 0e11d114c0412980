import { businessDateAt } from '../../calendar';
import { InputError } from '../../errors';
import { type MessageKey, noonOfFolder, parseMessageKey } from '../../messages/message-key';
import { assertTenantId } from '../../tenant-id';

const DAY_MS = 86_400_000;

/** A message's key as an operator typed it. @throws InputError where no message of the tenant can have it; TenantError */
export function messageOfKey(tenant: string, key: string): MessageKey {
  assertTenantId(tenant);
  const message = parseMessageKey(tenant, key);
  if (message !== undefined) return message;
  throw new InputError({
    key: `expected the key of a message of ${tenant} as "quarantine list --keys" gives it: ${tenant}/chat/{user}/{room}/messages/yyyy/mm/dd/….json`,
  });
}

/**
 * The business dates that a message may belong to, the likeliest first: one by its key's time; where the key has no readable one, those that
 * its date folder touches.
 */
export function datesOfMessage({ timeMs, folderMs }: MessageKey, zone: string): string[] {
  const instants = timeMs === undefined ? [noonOfFolder(folderMs), folderMs, folderMs + DAY_MS - 1] : [timeMs];
  return [...new Set(instants.map((instant) => businessDateAt(instant, zone)))];
}
