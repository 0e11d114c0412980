import * as df from 'durable-functions';
import { type BatchRequest, instanceId } from '../shared/batch/request';
import { DAILY_BATCH } from './names';

const RUNNING: readonly df.OrchestrationRuntimeStatus[] = [
  df.OrchestrationRuntimeStatus.Pending,
  df.OrchestrationRuntimeStatus.Running,
  df.OrchestrationRuntimeStatus.ContinuedAsNew,
  df.OrchestrationRuntimeStatus.Suspended,
];

export type StartedRun = { readonly kind: 'started' | 'running'; readonly id: string };

/** Starts a run, unless one of the same job and day is running. */
export function startRun(client: df.DurableClient, request: BatchRequest): Promise<StartedRun> {
  return startInstance(client, DAILY_BATCH, instanceId(request), request);
}

/**
 * Starts an orchestration, unless one of the same id is running. Looking first and starting then is not atomic: two calls at the same
 * moment can both start. The host lets one win; where it does not, every step is safe to run twice.
 */
export async function startInstance(
  client: df.DurableClient,
  orchestrator: string,
  id: string,
  input: unknown,
): Promise<StartedRun> {
  if (await isRunning(client, id)) return { kind: 'running', id };
  try {
    await client.startNew(orchestrator, { instanceId: id, input });
  } catch (error) {
    // Somebody else's start may have come in between; then there is nothing wrong.
    if (await isRunning(client, id)) return { kind: 'running', id };
    throw error;
  }
  return { kind: 'started', id };
}

export async function isRunning(client: df.DurableClient, id: string): Promise<boolean> {
  const status = await statusOf(client, id);
  return status !== undefined && isUnderWay(status);
}

export function isUnderWay({ runtimeStatus }: Pick<df.DurableOrchestrationStatus, 'runtimeStatus'>): boolean {
  return RUNNING.includes(runtimeStatus);
}

/** An instance's status, or undefined where there is no such instance. */
export async function statusOf(
  client: df.DurableClient,
  id: string,
): Promise<df.DurableOrchestrationStatus | undefined> {
  try {
    return await client.getStatus(id);
  } catch (error) {
    // The client says "no such instance" in no other way than by the status code in its text (durable-functions 3.5, DurableClient.getStatus).
    if (error instanceof Error && error.message.includes('HTTP 404')) return undefined;
    throw error;
  }
}
