import type { Execution } from '../durable/execution';
import type { HistoryEvent } from '../durable/history';
import { parseFailureState, parseOrchestratorState } from '../durable/orchestrator-state';
import type { OrchestratorAnswer } from '../durable/turn';
import type { WireHistory } from '../durable/wire-history';
import { messageOf } from '../errors';
import type { FunctionsCore } from './functions-core';
import type { Invoker } from './invocation';

/**
 * Calls an instance's orchestrator function with its history, the way the Durable extension calls one outside of its
 * process. Never throws for what the app does: a failure is an answer.
 */
export async function callOrchestrator(
  core: FunctionsCore,
  invoker: Invoker,
  execution: Execution,
  wire: WireHistory,
  turnEvents: readonly HistoryEvent[],
): Promise<OrchestratorAnswer> {
  const { name } = execution.created;
  const target = core.find(name);
  if (target === undefined || target.trigger.binding.type !== 'orchestrationTrigger') {
    return {
      failure: `The function "${name}" doesn't exist, is disabled, or is not an orchestrator function.`,
      details: '',
    };
  }
  try {
    const returned = await invoker.invoke(
      target,
      { string: triggerJson(execution, wire, turnEvents) },
      {},
      { within: execution.created.trace?.own },
    );
    const json = returned?.json ?? returned?.string;
    if (json === null || json === undefined) {
      return { failure: `The orchestrator "${name}" returned no state.`, details: '' };
    }
    return { state: parseOrchestratorState(json) };
  } catch (error) {
    const message = messageOf(error);
    const state = parseFailureState(message);
    return state === undefined ? { failure: message, details: detailsOf(error) } : { state };
  }
}

/** The orchestration trigger's data; the library needs the durations to make timers, the misspelt name included. */
function triggerJson(execution: Execution, wire: WireHistory, turnEvents: readonly HistoryEvent[]): string {
  const { created } = execution;
  const rest = JSON.stringify({
    instanceId: created.instanceId,
    isReplaying: execution.history.length > 0,
    parentInstanceId: created.parent?.instanceId ?? null,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 2,
    longRunningTimerIntervalDuration: '3.00:00:00',
    maximumShortTimerDuration: '6.00:00:00',
    defaultHttpAsyncRequestSleepTimeMillseconds: 30_000,
  });
  return `{"history":${wire.json(execution.history, turnEvents)},"input":${created.input ?? 'null'},${rest.slice(1)}`;
}

function detailsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
