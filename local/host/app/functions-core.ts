import Module from 'node:module';
import type { Log } from '../../../shared/ports/log';
import { HostError } from '../errors';
import type {
  CoreLogCategory,
  CoreLogLevel,
  FunctionCallback,
  FunctionMetadata,
  ProgrammingModel,
  RegisteredFunction,
} from './worker-types';

const hookNames = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log'] as const;
export type HookName = (typeof hookNames)[number];
type HookCallback = (context: unknown) => unknown;

const moduleName = '@azure/functions-core';

/**
 * The worker's side of the module `@azure/functions-core`: what an app registers through `@azure/functions`. The
 * library finds the module by name, keeps it, and without it registers nothing ("test mode").
 */
export class FunctionsCore {
  readonly #functions = new Map<string, RegisteredFunction>();
  readonly #hooks = new Map<HookName, HookCallback[]>();
  readonly #log: Log;
  #model: ProgrammingModel | undefined;
  #isLoading = true;
  /** Kept for the app's hooks: one object for all of them, as the worker has it. */
  readonly appHookData: Record<string, unknown> = {};

  constructor(log: Log) {
    this.#log = log;
  }

  get functions(): readonly RegisteredFunction[] {
    return [...this.#functions.values()];
  }

  /** Function names are compared without case. */
  find(name: string): RegisteredFunction | undefined {
    return this.#functions.get(name.toLowerCase());
  }

  get model(): ProgrammingModel {
    if (this.#model === undefined) {
      throw new HostError('host_app_invalid', 'The app registers no function through @azure/functions.');
    }
    return this.#model;
  }

  /** From now on the app is taken as it is: a function registered later is an error, as in the worker. */
  finishLoading(): void {
    this.#isLoading = false;
  }

  /** Calls the hooks of one kind, one after another. */
  async callHooks(name: HookName, context: unknown): Promise<void> {
    for (const hook of this.#hooks.get(name) ?? []) {
      await hook(context);
    }
  }

  /** A line that the app or a library logs: the app's log hooks may change it first. */
  writeLog(
    level: CoreLogLevel,
    category: CoreLogCategory,
    message: string,
    functionName?: string,
    invocation?: unknown,
  ): void {
    const line = {
      hookData: {},
      appHookData: this.appHookData,
      level,
      category,
      message,
      invocationContext: invocation,
    };
    for (const hook of this.#hooks.get('log') ?? []) {
      hook(line);
    }
    const dimensions = functionName === undefined ? {} : { function: functionName };
    this.#log[logMethod(line.level)](line.message, dimensions);
  }

  /** Makes every later `require('@azure/functions-core')` of this process, ES modules' too, give this core. */
  install(): void {
    const { module } = this;
    const loader = Module as unknown as {
      _load(request: string, parent: unknown, isMain: boolean): unknown;
    };
    const load = loader._load;
    loader._load = function (request, parent, isMain) {
      return request === moduleName ? module : load.call(this, request, parent, isMain);
    };
  }

  /** What `require('@azure/functions-core')` gives. The versions are those of a worker and host of the time. */
  get module(): object {
    return {
      version: '3.10.1',
      hostVersion: '4.1040.0',
      registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) => this.#register(metadata, callback),
      registerHook: (name: string, callback: HookCallback) => this.#registerHook(name, callback),
      setProgrammingModel: (model: ProgrammingModel) => {
        this.#model = model;
      },
      getProgrammingModel: () => this.#model,
      log: (level: CoreLogLevel, category: CoreLogCategory, message: string) => this.writeLog(level, category, message),
      Disposable,
    };
  }

  #register(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    const key = metadata.name.toLowerCase();
    if (!this.#isLoading) {
      throw new HostError(
        'host_app_invalid',
        `The function "${metadata.name}" is registered after the app's start; register it while the entry points load.`,
      );
    }
    if (this.#functions.has(key)) {
      throw new HostError(
        'host_app_invalid',
        `A function with the name "${metadata.name}" has already been registered.`,
      );
    }
    this.#functions.set(key, { metadata, callback, trigger: triggerOf(metadata) });
    return new Disposable(() => this.#functions.delete(key));
  }

  #registerHook(name: string, callback: HookCallback): Disposable {
    const known = hookNames.find((hookName) => hookName === name);
    if (known === undefined) {
      throw new RangeError(`Unrecognized hook "${name}": there are ${hookNames.join(', ')}.`);
    }
    const hooks = this.#hooks.get(known) ?? [];
    this.#hooks.set(known, [...hooks, callback]);
    return new Disposable(() => {
      this.#hooks.set(
        known,
        (this.#hooks.get(known) ?? []).filter((hook) => hook !== callback),
      );
    });
  }
}

class Disposable {
  #callOnDispose: (() => unknown) | undefined;

  constructor(callOnDispose: () => unknown) {
    this.#callOnDispose = callOnDispose;
  }

  dispose(): unknown {
    const call = this.#callOnDispose;
    this.#callOnDispose = undefined;
    return call?.();
  }
}

function triggerOf(metadata: FunctionMetadata): RegisteredFunction['trigger'] {
  for (const [bindingName, binding] of Object.entries(metadata.bindings)) {
    if (/trigger$/i.test(binding.type)) {
      return { bindingName, binding };
    }
  }
  throw new HostError('host_app_invalid', `The function "${metadata.name}" has no trigger.`);
}

function logMethod(level: CoreLogLevel): 'debug' | 'info' | 'warn' | 'error' {
  switch (level) {
    case 'trace':
    case 'debug':
    case 'none':
      return 'debug';
    case 'warning':
      return 'warn';
    case 'error':
    case 'critical':
      return 'error';
    default:
      return 'info';
  }
}
