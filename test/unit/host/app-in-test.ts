import type * as DurableFunctions from 'durable-functions';
import { FunctionsCore } from '../../../local/host/app/functions-core';
import type { Log } from '../../../shared/ports/log';

/**
 * The real durable-functions library, registered with a core of the test's own. Jest has its own module loader, so the
 * core module is put there by Jest's means instead of the host's hook.
 */
export function durableFunctionsWithCore(log: Log): { core: FunctionsCore; df: typeof DurableFunctions } {
  const core = new FunctionsCore(log);
  jest.doMock('@azure/functions-core', () => core.module, { virtual: true });
  return { core, df: jest.requireActual<typeof DurableFunctions>('durable-functions') };
}
