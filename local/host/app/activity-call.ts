import { EventType, type TaskScheduledEvent } from '../durable/history';
import { messageOf } from '../errors';
import type { FunctionsCore } from './functions-core';
import type { Invoker } from './invocation';
import type { TypedData } from './worker-types';

/** How an activity ended: JSON text of its result (null for none), or why it failed. */
export type ActivityOutcome =
  | { readonly ok: true; readonly result: string | null }
  | { readonly ok: false; readonly reason: string; readonly details: string };

/** Runs the activity that `event` has scheduled. Never throws: what the activity throws is an outcome. */
export async function callActivity(
  core: FunctionsCore,
  invoker: Invoker,
  instanceId: string,
  event: TaskScheduledEvent,
  /** The traceparent of the instance. */
  traceParent?: string,
): Promise<ActivityOutcome> {
  const target = core.find(event.Name);
  if (target === undefined || target.trigger.binding.type !== 'activityTrigger') {
    const reason = `The function "${event.Name}" doesn't exist, is disabled, or is not an activity function.`;
    return { ok: false, reason, details: reason };
  }
  const [input] = JSON.parse(event.Input) as [unknown];
  const metadata = { instanceId: { string: instanceId }, data: { json: JSON.stringify(input) } };
  try {
    const returned = await invoker.invoke(target, { string: activityInput(input) }, metadata, {
      below: traceParent,
    });
    return { ok: true, result: resultJson(returned) };
  } catch (error) {
    return {
      ok: false,
      reason: `Activity function '${event.Name}' failed: ${messageOf(error)}`,
      details: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

/** An object as JSON, a scalar as its text (a string was made JSON by the library already), null as an empty object. */
function activityInput(input: unknown): string {
  if (input === null || input === undefined) {
    return '{}';
  }
  return typeof input === 'object' ? JSON.stringify(input) : String(input);
}

function resultJson(returned: TypedData | null | undefined): string | null {
  if (returned === null || returned === undefined) {
    return null;
  }
  if (typeof returned.json === 'string') {
    return returned.json;
  }
  if (typeof returned.string === 'string') {
    return JSON.stringify(returned.string);
  }
  if (returned.bytes) {
    return JSON.stringify(Buffer.from(returned.bytes).toString('base64'));
  }
  return JSON.stringify(returned.int ?? returned.double ?? null);
}

/** The answer to the instance that scheduled the activity. */
export function activityAnswer(event: TaskScheduledEvent, outcome: ActivityOutcome, timestamp: string) {
  const base = { EventId: -1, Timestamp: timestamp, TaskScheduledId: event.EventId };
  return outcome.ok
    ? { ...base, EventType: EventType.TaskCompleted, Result: outcome.result }
    : { ...base, EventType: EventType.TaskFailed, Reason: outcome.reason, Details: outcome.details };
}
