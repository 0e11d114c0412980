import { BatchError } from '../../shared/errors';

/** The codes of {@link HostError}. */
export type HostErrorCode =
  | 'host_app_invalid'
  | 'host_already_started'
  | 'host_state_in_use'
  | 'host_state_damaged'
  | 'host_state_write_failed'
  | 'host_defect'
  | 'host_stopped'
  | 'host_wait_timed_out'
  | 'host_function_unknown'
  | 'host_instance_exists'
  | 'host_request_invalid';

/** The local host cannot do what it was asked: the app, its settings, its state directory or a request is at fault. */
export class HostError extends BatchError {
  declare readonly code: HostErrorCode;

  constructor(code: HostErrorCode, message: string, cause?: unknown) {
    super(message, { code, kind: 'configuration', cause });
  }
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code that Node gives a failed system call (`ENOENT`, …), or undefined for whatever else was thrown. */
export function systemErrorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
