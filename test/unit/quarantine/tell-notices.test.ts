import { tellNotices } from '../../../shared/batch/tell-notices';
import { NO_NOTICES } from '../../../shared/messages/notices';
import type { Log } from '../../../shared/ports/log';
import { silentLog } from '../../support/silent-log';

function warningsOf(notices: Parameters<typeof tellNotices>[1]): unknown[] {
  const warnings: unknown[] = [];
  const log: Log = { ...silentLog, warn: (message, dimensions) => void warnings.push([message, dimensions]) };
  tellNotices(log, notices);
  return warnings;
}

test('corrected copies that are passed over are a warning; those that stand, and none, are not', () => {
  expect(warningsOf({ ...NO_NOTICES, repaired: 1, staleRepairs: 2 })).toEqual([
    ['Corrected copies are passed over: their messages have changed since.', { messages: 2 }],
  ]);
  expect(warningsOf({ ...NO_NOTICES, repaired: 1 })).toEqual([]);
  expect(warningsOf(NO_NOTICES)).toEqual([]);
});
