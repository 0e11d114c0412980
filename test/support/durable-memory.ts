import {
  type CheckpointDurableExecutionRequest,
  type CheckpointDurableExecutionResponse,
  type DurableExecutionClient,
  DurableExecutionInvocationInputWithClient,
  type DurableExecutionInvocationOutput,
  type DurableLambdaHandler,
  type GetDurableExecutionStateResponse,
  type OperationStatus,
  type OperationUpdate,
  type WireOperation,
} from '@aws/durable-execution-sdk-js';
import type { Context } from 'aws-lambda';

const ARN = 'arn:aws:lambda:ap-northeast-1:123456789012:function:batch:live/durable-execution/test/1';
const STATUS = {
  START: 'STARTED',
  SUCCEED: 'SUCCEEDED',
  FAIL: 'FAILED',
  RETRY: 'PENDING',
  CANCEL: 'CANCELLED',
} as const;

/**
 * The service behind a durable execution, in memory: it keeps the history, drops what is below a context that is over, and invokes the
 * function anew when a wait has elapsed, or when an invocation was lost. Every wait takes no time and ends an invocation.
 */
export class DurableMemory implements DurableExecutionClient {
  /** Is told each checkpoint by its number, from 1, before it is kept or after, and ends the invocation by throwing. */
  onCheckpoint: (at: number, when: 'before' | 'after') => void = () => undefined;
  readonly history: OperationUpdate[] = [];
  /** The executions that this one has invoked. */
  readonly children: DurableMemory[] = [];
  readonly #invoked = new Map<string, string>();
  readonly #operations = new Map<string, WireOperation>();
  #checkpoints = 0;
  #token = 0;

  get checkpoints(): number {
    return this.#checkpoints;
  }

  /** Runs an execution to its end. @returns its last answer, and how many invocations there were */
  async run(
    handler: DurableLambdaHandler,
    payload: unknown,
  ): Promise<{ readonly output: DurableExecutionInvocationOutput; readonly invocations: number }> {
    const started = { Id: 'execution', Type: 'EXECUTION', Status: 'STARTED', StartTimestamp: new Date() } as const;
    this.#operations.set('execution', { ...started, ExecutionDetails: { InputPayload: JSON.stringify(payload) } });
    for (let invocations = 1; ; invocations++) {
      const output = await this.#invoke(handler);
      if (output !== undefined && output.Status !== 'PENDING') return { output, invocations };
      if (invocations > 100) throw new Error('The execution comes to no end.');
      this.#elapse();
      await this.#runInvoked(handler);
    }
  }

  /** One more invocation with the history as it is. @returns undefined where it was lost */
  async #invoke(handler: DurableLambdaHandler): Promise<DurableExecutionInvocationOutput | undefined> {
    const Operations = structuredClone([...this.#operations.values()]);
    const state = {
      DurableExecutionArn: ARN,
      CheckpointToken: this.#nextToken(),
      InitialExecutionState: { Operations },
    };
    try {
      return await handler(new DurableExecutionInvocationInputWithClient(state, this), lambdaContext());
    } catch {
      // The service invokes a function again that ended without an answer.
      return undefined;
    }
  }

  async checkpoint({ Updates = [] }: CheckpointDurableExecutionRequest): Promise<CheckpointDurableExecutionResponse> {
    this.#checkpoints += 1;
    const at = this.#checkpoints;
    this.onCheckpoint(at, 'before');
    const Operations = Updates.map((update) => this.#keep(update));
    this.onCheckpoint(at, 'after');
    return { CheckpointToken: this.#nextToken(), NewExecutionState: { Operations } };
  }

  async getExecutionState(): Promise<GetDurableExecutionStateResponse> {
    return { Operations: [] };
  }

  #keep(update: OperationUpdate): WireOperation {
    const { Id = '', ParentId, Name, Type, SubType, Action = 'START', Payload: Result, Error: error } = update;
    this.history.push(update);
    const known = this.#operations.get(Id);
    const attempt = (known?.StepDetails?.Attempt ?? 0) + (Action === 'START' ? 1 : 0);
    const outcome = { Result, Error: error };
    const operation: WireOperation = {
      ...{ Id, ParentId, Name, Type, SubType, StartTimestamp: known?.StartTimestamp ?? new Date() },
      Status: STATUS[Action] satisfies OperationStatus,
      ...(Type === 'STEP' ? { StepDetails: { ...outcome, Attempt: attempt, NextAttemptTimestamp: FAR } } : {}),
      ...(Type === 'CONTEXT' ? { ContextDetails: { ...outcome, ...update.ContextOptions } } : {}),
      ...(Type === 'WAIT' ? { WaitDetails: { ScheduledEndTimestamp: FAR } } : {}),
    };
    this.#operations.set(Id, operation);
    if (Type === 'CHAINED_INVOKE') this.#invoked.set(Id, Result ?? '');
    if (Type === 'CONTEXT' && Action !== 'START' && update.ContextOptions?.ReplayChildren !== true) this.#prune(Id);
    return structuredClone(operation);
  }

  #prune(parent: string): void {
    for (const { Id = '', ParentId } of [...this.#operations.values()]) {
      if (ParentId !== parent) continue;
      this.#prune(Id);
      this.#operations.delete(Id);
    }
  }

  /** Until now every wait has elapsed, and every step that is to be tried again may be. */
  #elapse(): void {
    for (const [id, operation] of this.#operations) {
      if (operation.Type === 'WAIT') this.#operations.set(id, { ...operation, Status: 'SUCCEEDED' });
      if (operation.Status === 'PENDING') this.#operations.set(id, { ...operation, Status: 'READY' });
    }
  }

  /** Whatever the execution invokes is the function itself, in executions of their own. */
  async #runInvoked(handler: DurableLambdaHandler): Promise<void> {
    for (const [id, payload] of this.#invoked) {
      const child = new DurableMemory();
      const { output } = await child.run(handler, JSON.parse(payload));
      this.children.push(child);
      const operation = this.#operations.get(id);
      if (operation === undefined) throw new Error(`There is no operation ${id}.`);
      const succeeded = output.Status === 'SUCCEEDED';
      const ChainedInvokeDetails = succeeded
        ? { Result: output.Result }
        : { Error: output.Status === 'FAILED' ? output.Error : undefined };
      this.#operations.set(id, { ...operation, Status: succeeded ? 'SUCCEEDED' : 'FAILED', ChainedInvokeDetails });
      this.#invoked.delete(id);
    }
  }

  #nextToken(): string {
    this.#token += 1;
    return `token-${this.#token}`;
  }
}

/** Later than any test. */
const FAR = new Date('2100-01-01T00:00:00Z');

function lambdaContext(): Context {
  const nothing = () => undefined;
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'batch',
    functionVersion: '1',
    invokedFunctionArn: 'arn:aws:lambda:ap-northeast-1:123456789012:function:batch:live',
    memoryLimitInMB: '1024',
    awsRequestId: 'request',
    logGroupName: '/aws/lambda/batch',
    logStreamName: 'stream',
    getRemainingTimeInMillis: () => 900_000,
    done: nothing,
    fail: nothing,
    succeed: nothing,
  };
}
