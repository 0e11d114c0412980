import { HostError } from '../errors';
import type { WriteObserver } from './file-writer';

/** The environment of the switch: each holds the number of a write, counted from 1. */
export const killBeforeName = 'LOCAL_HOST_KILL_BEFORE_WRITES';
export const killAfterName = 'LOCAL_HOST_KILL_AFTER_WRITES';

/**
 * For tests of resumption only: lets the process kill itself (SIGKILL, as a power cut or the kernel would) right before or
 * right after a given write of the history, so that a test can walk through every point at which a host may die. While
 * the switch is set every record is a write of its own.
 */
export function killSwitch(environment: Readonly<Record<string, string | undefined>>): WriteObserver | undefined {
  const before = writeNumber(environment, killBeforeName);
  const after = writeNumber(environment, killAfterName);
  if (before === undefined && after === undefined) {
    return undefined;
  }
  let begun = 0;
  let done = 0;
  return {
    beforeWrite: () => {
      if (++begun === before) {
        process.kill(process.pid, 'SIGKILL');
      }
    },
    afterWrite: () => {
      if (++done === after) {
        process.kill(process.pid, 'SIGKILL');
      }
    },
  };
}

function writeNumber(environment: Readonly<Record<string, string | undefined>>, name: string): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') {
    return undefined;
  }
  if (!/^[1-9]\d*$/.test(text)) {
    throw new HostError('host_request_invalid', `${name} is "${text}": it must be the number of a write, from 1.`);
  }
  return Number(text);
}
