/** The actions of durable-functions 3.5 (its `ActionType`) that the local host carries out. */
export const ActionType = {
  CallActivity: 0,
  CallActivityWithRetry: 1,
  CallSubOrchestrator: 2,
  CallSubOrchestratorWithRetry: 3,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WaitForExternalEvent: 6,
  WhenAny: 11,
  WhenAll: 12,
} as const;

export interface RetryOptions {
  readonly firstRetryIntervalInMilliseconds: number;
  readonly maxNumberOfAttempts: number;
  readonly backoffCoefficient?: number | null;
  readonly maxRetryIntervalInMilliseconds?: number | null;
  readonly retryTimeoutInMilliseconds?: number | null;
}

/** One action as the library writes it: which fields are there depends on its type. */
export interface OrchestratorAction {
  readonly actionType: number;
  readonly functionName?: string;
  readonly input?: unknown;
  readonly retryOptions?: RetryOptions;
  readonly instanceId?: string | null;
  readonly version?: string | null;
  readonly fireAt?: string;
  readonly isCanceled?: boolean;
  readonly externalEventName?: string;
  readonly compoundActions?: readonly OrchestratorAction[];
}

/** What one call of an orchestrator function answers: everything it has asked for since its start. */
export interface OrchestratorState {
  readonly isDone: boolean;
  readonly actions: readonly OrchestratorAction[];
  readonly output: unknown;
  /** Why the orchestrator failed; undefined while it has not. */
  readonly error?: string;
  readonly customStatus?: unknown;
}

/** Stands between an orchestrator's error message and its state in what the library throws. */
const failureStateLabel = '\n\n$OutOfProcData$:';

/**
 * The state in an orchestrator's answer.
 * @throws Error that says which part is not as the library writes it
 */
export function parseOrchestratorState(json: string): OrchestratorState {
  const state: unknown = JSON.parse(json);
  if (!isObject(state) || typeof state.isDone !== 'boolean' || !Array.isArray(state.actions)) {
    throw new Error('The orchestrator did not answer with the state object that durable-functions makes.');
  }
  if (state.actions.length !== 1 || !Array.isArray(state.actions[0])) {
    throw new Error(
      `The orchestrator's actions have ${state.actions.length} outer entries instead of the one of schema V2 and later.`,
    );
  }
  return {
    isDone: state.isDone,
    actions: state.actions[0] as readonly OrchestratorAction[],
    output: state.output,
    ...(typeof state.error === 'string' && { error: state.error }),
    ...(state.customStatus !== undefined && state.customStatus !== null && { customStatus: state.customStatus }),
  };
}

/**
 * The state of an orchestrator that failed, from the message of what it threw; undefined where the message carries none,
 * which is so when the failure was outside of the orchestrator's own code.
 */
export function parseFailureState(message: string): OrchestratorState | undefined {
  const at = message.indexOf(failureStateLabel);
  if (at === -1) {
    return undefined;
  }
  const state = parseOrchestratorState(message.slice(at + failureStateLabel.length));
  // The library leaves an empty error message out; the failure is one all the same.
  return { ...state, error: state.error ?? 'The orchestrator threw an error without a message.' };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
