import type { ParentLink } from '../storage/records';

/** A call to start an instance. */
export interface StartRequest {
  readonly name: string;
  /** Without it the instance gets one of its own. */
  readonly instanceId?: string;
  /** JSON text. */
  readonly input: string | null;
  /** Without it, host.json's `defaultVersion`. */
  readonly version?: string | null;
  readonly parent?: ParentLink;
  /** The W3C traceparent of who starts it. */
  readonly traceParent?: string;
}
