import { EventType, type HistoryEvent } from '../durable/history';
import type { InstanceStatus } from '../durable/instance';

/** An instance's state as the durable HTTP API writes it. */
export function wireStatus(status: InstanceStatus, showInput: boolean): object {
  return {
    name: status.name,
    instanceId: status.instanceId,
    runtimeStatus: status.runtimeStatus,
    input: showInput ? status.input : null,
    customStatus: status.customStatus,
    output: status.output,
    createdTime: wholeSeconds(status.createdTime),
    lastUpdatedTime: wholeSeconds(status.lastUpdatedTime),
  };
}

/** The extension writes these times without fractions. */
function wholeSeconds(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

const eventNames = new Map<number, string>(Object.entries(EventType).map(([name, number]) => [number, name]));

/** The events by name, without the turns' own marks. */
export function wireHistory(history: readonly HistoryEvent[], showOutput: boolean): object[] {
  const marks: readonly number[] = [EventType.OrchestratorStarted, EventType.OrchestratorCompleted];
  return history
    .filter((event) => !marks.includes(event.EventType))
    .map((event) => {
      const shown: Record<string, unknown> = { ...event, EventType: eventNames.get(event.EventType) };
      if (!showOutput) {
        delete shown.Input;
        delete shown.Result;
      }
      return shown;
    });
}
