import type { FunctionsCore } from '../../../local/host/app/functions-core';
import { Invoker } from '../../../local/host/app/invocation';
import { TaskHub } from '../../../local/host/durable/task-hub';
import type { HostClock } from '../../../local/host/host-clock';
import type { HostConfig } from '../../../local/host/host-config';
import { Progress, type ProgressEvent } from '../../../local/host/progress';
import type { WriteObserver } from '../../../local/host/storage/file-writer';
import { HistoryStore } from '../../../local/host/storage/history-store';
import type { Log } from '../../../shared/ports/log';
import type { FakeClock } from './fake-clock';

export const testConfig: HostConfig = {
  hubName: 'Hub',
  defaultVersion: '1.0',
  versionMatchStrategy: 'CurrentOrOlder',
  versionFailureStrategy: 'Reject',
  maxConcurrentActivityFunctions: 4,
  maxConcurrentOrchestratorFunctions: 4,
  functionTimeoutMs: 300_000,
  routePrefix: 'api',
};

export interface HubSetup {
  readonly core: FunctionsCore;
  readonly stateDir: string;
  readonly clock: HostClock & Partial<Pick<FakeClock, 'advance'>>;
  readonly log: Log;
  readonly config?: Partial<HostConfig>;
  readonly observer?: WriteObserver;
}

export interface HubInTest {
  readonly hub: TaskHub;
  readonly store: HistoryStore;
  readonly progress: ProgressEvent[];
  readonly failures: Error[];
  stop(): Promise<void>;
}

const running: HubInTest[] = [];

/** A task hub on a state directory, that goes on with what is there: a host without its HTTP and timers. */
export async function openHub(setup: HubSetup): Promise<HubInTest> {
  const { core, clock, log, stateDir, observer } = setup;
  const config = { ...testConfig, ...setup.config };
  const failures: Error[] = [];
  const events: ProgressEvent[] = [];
  const progress = new Progress();
  progress.subscribe((event) => events.push(event));
  const store = new HistoryStore(stateDir, config.hubName, {
    log,
    onFailure: (error) => failures.push(error),
    ...(observer && { observer, groupCommit: false }),
  });
  const executions = await store.load();
  const invoker = new Invoker({ core, clock, timeoutMs: config.functionTimeoutMs, durableClient: () => '{}' });
  const hub = new TaskHub({
    store,
    core,
    invoker,
    config,
    clock,
    log,
    progress,
    onFailure: (error) => failures.push(error),
  });
  hub.resume(executions);
  let stopped: Promise<void> | undefined;
  const inTest: HubInTest = {
    hub,
    store,
    progress: events,
    failures,
    stop: () => {
      if (stopped === undefined) {
        const stopping = hub.stop(0);
        // The grace of no time ends: what a test keeps waiting is left behind.
        clock.advance?.(0);
        stopped = stopping.then(() => store.close());
      }
      return stopped;
    },
  };
  running.push(inTest);
  return inTest;
}

afterEach(async () => {
  for (const { stop } of running.splice(0)) {
    await stop();
  }
});
