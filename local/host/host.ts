import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Log } from '../../shared/ports/log';
import type { Telemetry } from '../../shared/ports/telemetry';
import { loadApp } from './app/app-loader';
import type { FunctionsCore } from './app/functions-core';
import { Invoker } from './app/invocation';
import { TimerFunctions } from './app/timer-functions';
import type { HistoryEvent } from './durable/history';
import type { InstanceStatus } from './durable/instance';
import { TaskHub } from './durable/task-hub';
import type { Until } from './durable/watchers';
import { setEnvironment } from './environment';
import { HostError } from './errors';
import { type HostClock, systemClock } from './host-clock';
import { readHostConfig } from './host-config';
import { hostTelemetry } from './host-telemetry';
import { type AccessKeys, newKey } from './http/access-keys';
import { DurableHttp } from './http/durable-http';
import { durableClientBinding } from './http/durable-urls';
import { HttpFunctions } from './http/http-functions';
import { HttpServer } from './http/http-server';
import { RequestRouter } from './http/request-router';
import { Progress, type ProgressListener } from './progress';
import type { WriteObserver } from './storage/file-writer';
import { HistoryStore } from './storage/history-store';

export interface HostOptions {
  /** The directory with the app's package.json and host.json. */
  readonly appRoot: string;
  /** Where histories are kept, in a directory for each task hub. Histories hold inputs and results: it is private data. */
  readonly stateDir: string;
  /** 0 or absent: a free one. */
  readonly port?: number;
  /** Made up where they are not given. */
  readonly functionKey?: string;
  readonly systemKey?: string;
  /** App settings; see {@link setEnvironment}. */
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Log;
  readonly clock?: HostClock;
  /** Called when the host cannot go on, because its history cannot be written; it then runs nothing any more. */
  readonly onFailure?: (error: HostError) => void;
  /** For tests of resumption; see kill-switch.ts. */
  readonly writeObserver?: WriteObserver;
}

/** A running host. */
export interface LocalHost {
  /** Like `http://localhost:7071`, without a slash at its end. */
  readonly url: string;
  readonly functionKey: string;
  readonly systemKey: string;
  readonly functions: readonly { readonly name: string; readonly trigger: string }[];
  /** Runs a timer function now and waits for its end; throws what it throws. */
  fireTimer(name: string): Promise<void>;
  status(instanceId: string): InstanceStatus | undefined;
  instances(): readonly InstanceStatus[];
  /** The recorded events of an instance's current execution. */
  history(instanceId: string): Promise<readonly HistoryEvent[] | undefined>;
  /** Waits, without polling, for a state of an instance, which need not exist yet. See {@link Watchers.wait}. */
  waitFor(instanceId: string, until: Until, timeoutMs?: number): Promise<InstanceStatus>;
  /** The returned function ends the subscription. */
  onProgress(listener: ProgressListener): () => void;
  /** Lets what is under way end within `graceMs` (10 s), then stops; what is left goes on with the next host. */
  stop(graceMs?: number): Promise<void>;
}

const DEFAULT_GRACE_MS = 10_000;

/** The library keeps the first core module it meets, so a process can serve one host in its life. */
let wasStarted = false;

/**
 * Starts the app of `appRoot` as `func start` would, in this process, and goes on with the instances that earlier hosts
 * left running in `stateDir`.
 * @throws HostError `host_already_started` (one host a process), `host_app_invalid`, `host_state_in_use`,
 * `host_state_damaged`
 */
export async function startHost(options: HostOptions): Promise<LocalHost> {
  if (wasStarted) {
    throw new HostError(
      'host_already_started',
      'This process has started a local host already; start another process for another one.',
    );
  }
  wasStarted = true;
  const cleanUp: (() => unknown)[] = [setEnvironment(options.settings)];
  try {
    return await start(options, cleanUp);
  } catch (error) {
    for (const undo of cleanUp.reverse()) {
      await undo();
    }
    throw error;
  }
}

async function start(options: HostOptions, cleanUp: (() => unknown)[]): Promise<LocalHost> {
  const { log, clock = systemClock } = options;
  const appRoot = resolve(options.appRoot);
  const config = readHostConfig(appRoot, process.env);
  const keys: AccessKeys = { functionKey: options.functionKey ?? newKey(), systemKey: options.systemKey ?? newKey() };
  const server = await HttpServer.listen(options.port ?? 0, log);
  cleanUp.push(() => server.close());
  cleanUp.push(setEnvironment(hostSettings(appRoot, server.port)));

  const store = new HistoryStore(resolve(options.stateDir), config.hubName, {
    log,
    onFailure: (error) => hub?.fail(error),
    ...(options.writeObserver && { observer: options.writeObserver, groupCommit: false }),
  });
  cleanUp.push(() => store.close());
  let hub: TaskHub | undefined;
  const executions = await store.load();

  const telemetry = hostTelemetry(log);
  const core = await loadApp(appRoot, log);
  const urls = {
    origin: `http://127.0.0.1:${server.port}`,
    hubName: config.hubName,
    keys,
    rpcSecret: randomBytes(24).toString('hex'),
  };
  const clientBinding = durableClientBinding(urls);
  const invoker = new Invoker({
    core,
    clock,
    timeoutMs: config.functionTimeoutMs,
    durableClient: () => clientBinding,
    telemetry,
  });
  const progress = new Progress();
  const onFailure = (error: HostError) => {
    log.error(`The local host gives up: ${error.message}`);
    options.onFailure?.(error);
  };
  hub = new TaskHub({ store, core, invoker, config, clock, log, progress, telemetry, onFailure });
  const timers = new TimerFunctions({ core, invoker, clock, log, progress, settings: process.env });
  const functions = new HttpFunctions(core, invoker, { routePrefix: config.routePrefix, keys, log });
  const durable = new DurableHttp(hub, urls);
  const router = new RequestRouter({ functions, durable, timers, keys, rpcSecret: urls.rpcSecret, log });
  warnOfUnserved(core, log);

  hub.resume(executions);
  server.handle((request, path, url) => router.answer(request, path, url));
  timers.start();
  return runningHost({ server, store, core, hub, timers, router, progress, telemetry, keys, clock, cleanUp });
}

interface HostParts {
  readonly server: HttpServer;
  readonly store: HistoryStore;
  readonly core: FunctionsCore;
  readonly hub: TaskHub;
  readonly timers: TimerFunctions;
  readonly router: RequestRouter;
  readonly progress: Progress;
  readonly telemetry: Telemetry;
  readonly keys: AccessKeys;
  readonly clock: HostClock;
  readonly cleanUp: readonly (() => unknown)[];
}

function runningHost(parts: HostParts): LocalHost {
  const { server, core, hub, timers, progress, keys } = parts;
  let stopping: Promise<void> | undefined;
  return {
    url: `http://localhost:${server.port}`,
    ...keys,
    functions: core.functions.map(({ metadata, trigger }) => ({ name: metadata.name, trigger: trigger.binding.type })),
    fireTimer: (name) => timers.fire(name),
    status: (instanceId) => hub.status(instanceId),
    instances: () => hub.list(),
    history: (instanceId) => hub.history(instanceId),
    waitFor: (instanceId, until, timeoutMs) => hub.waitFor(instanceId, until, timeoutMs),
    onProgress: (listener) => progress.subscribe(listener),
    stop: (graceMs = DEFAULT_GRACE_MS) => {
      stopping ??= stopHost(parts, graceMs);
      return stopping;
    },
  };
}

async function stopHost(
  { server, core, hub, timers, router, telemetry, clock, cleanUp }: HostParts,
  graceMs: number,
): Promise<void> {
  timers.stop();
  // Functions under way may still use their durable clients; nobody else is served.
  server.handle(async (request, path, url) => (await router.answerClient(request, path, url)) ?? { status: 503 });
  let callOff = () => {};
  const grace = new Promise<void>((resolve) => {
    callOff = clock.after(graceMs, resolve);
  });
  await Promise.all([hub.stop(graceMs), Promise.race([Promise.all([timers.idle(), server.idle()]), grace])]);
  callOff();
  const terminate = core.callHooks('appTerminate', { hookData: {}, appHookData: core.appHookData });
  await Promise.all([terminate, telemetry.flush()]);
  for (const undo of [...cleanUp].reverse()) {
    await undo();
  }
}

/** What the Functions host sets for its app. Without WEBSITE_HOSTNAME the durable library rewrites its URLs. */
function hostSettings(appRoot: string, port: number): Record<string, string> {
  return {
    WEBSITE_HOSTNAME: `localhost:${port}`,
    AZURE_FUNCTIONS_ENVIRONMENT: 'Development',
    FUNCTIONS_WORKER_RUNTIME: 'node',
    AzureWebJobsScriptRoot: appRoot,
  };
}

const servedTriggers = ['httpTrigger', 'timerTrigger', 'orchestrationTrigger', 'activityTrigger'];

function warnOfUnserved(core: FunctionsCore, log: Log): void {
  for (const { metadata, trigger } of core.functions) {
    if (!servedTriggers.includes(trigger.binding.type)) {
      log.warn(
        `The function "${metadata.name}" is not run here: the local host does not serve ${trigger.binding.type}.`,
      );
    }
  }
}
