import { randomUUID } from 'node:crypto';
import type { Telemetry } from '../../../shared/ports/telemetry';
import { newTraceParent } from '../../../shared/telemetry/trace-parent';
import { HostError, messageOf } from '../errors';
import type { HostClock } from '../host-clock';
import type { FunctionsCore } from './functions-core';
import type { CoreInvocationContext, RegisteredFunction, TypedData } from './worker-types';

/** A function ran longer than host.json's `functionTimeout` allows. What it still does cannot be stopped, and is left. */
export class FunctionTimeout extends Error {
  override readonly name = 'FunctionTimeoutException';
}

export interface InvokerOptions {
  readonly core: FunctionsCore;
  readonly clock: HostClock;
  /** Undefined: functions may run as long as they like. */
  readonly timeoutMs: number | undefined;
  /** The JSON that durable client bindings receive. */
  readonly durableClient: () => string;
  /** Is told every call, as the Functions host tells its own telemetry. */
  readonly telemetry?: Pick<Telemetry, 'request'>;
}

/** Where a call belongs: below a place of a trace, or within one that is told of by somebody else. Both are W3C traceparents. */
export type CallTrace = { readonly below: string | undefined } | { readonly within: string | undefined };

const NOWHERE: CallTrace = { below: undefined };

/** Calls the app's functions through the library's invocation model, step by step as the Node worker does. */
export class Invoker {
  readonly #options: InvokerOptions;

  constructor(options: InvokerOptions) {
    this.#options = options;
  }

  /**
   * Calls a function with its trigger's data and gives what it returns, in the wire's form.
   * @throws what the function throws, or {@link FunctionTimeout}
   */
  async invoke(
    target: RegisteredFunction,
    triggerData: TypedData,
    triggerMetadata: Readonly<Record<string, TypedData>> = {},
    trace: CallTrace = NOWHERE,
  ): Promise<TypedData | null | undefined> {
    if ('within' in trace) {
      return this.#invoke(target, triggerData, triggerMetadata, newTraceParentIn(trace.within));
    }
    const traceParent = newTraceParent(trace.below);
    const startMs = this.#options.clock.now();
    const tell = (problem?: string) =>
      this.#options.telemetry?.request({
        name: target.metadata.name,
        traceParent,
        parent: trace.below,
        startMs,
        endMs: this.#options.clock.now(),
        dimensions: { trigger: target.trigger.binding.type, instance: triggerMetadata.instanceId?.string ?? undefined },
        problem,
      });
    try {
      const returned = await this.#invoke(target, triggerData, triggerMetadata, traceParent);
      tell();
      return returned;
    } catch (error) {
      tell(messageOf(error));
      throw error;
    }
  }

  async #invoke(
    target: RegisteredFunction,
    triggerData: TypedData,
    triggerMetadata: Readonly<Record<string, TypedData>>,
    traceParent: string,
  ): Promise<TypedData | null | undefined> {
    const { core } = this.#options;
    const context = this.#coreContext(target, triggerData, triggerMetadata, traceParent);
    const model = await core.model.getInvocationModel(context);
    const { context: invocationContext, inputs } = await model.getArguments();
    const hookData = {};
    const shared = { hookData, appHookData: core.appHookData, invocationContext };
    const before = { ...shared, functionCallback: target.callback, inputs };
    context.state = 'preInvocationHooks';
    await core.callHooks('preInvocation', before);
    context.state = 'invocation';
    const after = { ...shared, inputs: before.inputs, result: null as unknown, error: null as unknown };
    try {
      after.result = await this.#withinTimeout(
        target.metadata.name,
        model.invokeFunction(invocationContext, before.inputs, before.functionCallback),
      );
    } catch (error) {
      after.error = error;
    }
    context.state = 'postInvocationHooks';
    await core.callHooks('postInvocation', after);
    context.state = undefined;
    if (after.error !== null && after.error !== undefined) {
      throw after.error;
    }
    const response = await model.getResponse(invocationContext, after.result);
    for (const output of response.outputData ?? []) {
      core.writeLog(
        'warning',
        'system',
        `The output binding "${output.name}" is not served by the local host.`,
        target.metadata.name,
      );
    }
    return response.returnValue;
  }

  #coreContext(
    target: RegisteredFunction,
    triggerData: TypedData,
    triggerMetadata: Readonly<Record<string, TypedData>>,
    traceParent: string,
  ): CoreInvocationContext {
    const invocationId = randomUUID();
    const { core } = this.#options;
    return {
      invocationId,
      metadata: target.metadata,
      request: {
        invocationId,
        functionId: target.metadata.name,
        inputData: [{ name: target.trigger.bindingName, data: triggerData }, ...this.#inputs(target)],
        triggerMetadata,
        traceContext: { traceParent, traceState: '', attributes: {} },
      },
      state: undefined,
      log: (level, category, message) => core.writeLog(level, category, message, target.metadata.name),
    };
  }

  #inputs(target: RegisteredFunction): { name: string; data: TypedData }[] {
    const inputs: { name: string; data: TypedData }[] = [];
    for (const [name, binding] of Object.entries(target.metadata.bindings)) {
      if (name === target.trigger.bindingName || binding.direction !== 'in') {
        continue;
      }
      if (binding.type !== 'durableClient' && binding.type !== 'orchestrationClient') {
        throw new HostError(
          'host_app_invalid',
          `The input binding "${name}" of "${target.metadata.name}" is of type ${binding.type}, which the local host does not serve.`,
        );
      }
      inputs.push({ name, data: { string: this.#options.durableClient() } });
    }
    return inputs;
  }

  #withinTimeout(name: string, running: Promise<unknown>): Promise<unknown> {
    const { timeoutMs, clock } = this.#options;
    if (timeoutMs === undefined) {
      return running;
    }
    return new Promise((resolve, reject) => {
      const callOff = clock.after(timeoutMs, () => {
        reject(
          new FunctionTimeout(
            `The timeout of ${timeoutMs / 1000} s (functionTimeout in host.json) was exceeded by the function "${name}".`,
          ),
        );
      });
      running.finally(callOff).then(resolve, reject);
    });
  }
}

/** Apps read a trace context from every call, also where nobody has begun one. */
function newTraceParentIn(place: string | undefined): string {
  return place ?? newTraceParent();
}
