import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Log } from '../../shared/ports/log';
import { loadApp } from './app/app-loader';
import type { FunctionsCore } from './app/functions-core';
import { Invoker } from './app/invocation';
import { Execution } from './durable/execution';
import { Instance } from './durable/instance';
import { TurnRunner } from './durable/turn-runner';
import { systemClock } from './host-clock';
import { type HostConfig, readHostConfig } from './host-config';
import { parseRecords, type TurnRecord } from './storage/records';

export interface ReplayCheckOptions {
  /** The directory with the app's package.json and host.json. */
  readonly appRoot: string;
  /** A directory with instance files as a host keeps them. */
  readonly histories: string;
  readonly log: Log;
}

/** What became of one recorded instance. `problem` is the first turn that the code of today would take otherwise. */
export interface ReplayedInstance {
  readonly instance: string;
  readonly orchestrator: string;
  readonly version: string | null;
  readonly turns: number;
  readonly problem?: string;
}

/**
 * Takes every turn of recorded instances again with the app's code of today, from the recorded history, and compares what the turn
 * comes to with what was recorded: what it schedules, what it calls off, its state and output. An instance with a difference would
 * break, or take another way, if it were running while that code is deployed.
 */
export async function checkReplays({ appRoot, histories, log }: ReplayCheckOptions): Promise<ReplayedInstance[]> {
  const config = readHostConfig(appRoot, process.env);
  const core = await loadApp(appRoot, log);
  const replayed: ReplayedInstance[] = [];
  for (const file of (await readdir(histories)).sort()) {
    replayed.push(await replayInstance(await readFile(join(histories, file)), core, config, log));
  }
  return replayed;
}

async function replayInstance(
  bytes: Buffer,
  core: FunctionsCore,
  config: HostConfig,
  log: Log,
): Promise<ReplayedInstance> {
  const [created, ...rest] = parseRecords(bytes).records;
  if (created?.record !== 'created') throw new TypeError('An instance file must begin with the instance’s creation.');
  const about = { instance: created.instanceId, orchestrator: created.name, version: created.version };
  const instance = new Instance(new Execution(created));
  // Children have the version of the app that made them: that another one stands in host.json by now is no difference of the code.
  const asThen = { ...config, defaultVersion: created.version };
  let turns = 0;
  for (const record of rest) {
    if (record.record === 'message') {
      instance.execution.restore(record.event);
    } else if (record.record === 'turn') {
      turns += 1;
      const problem = await differenceOfTurn(instance, record, core, asThen, log);
      if (problem !== undefined) return { ...about, turns, problem: `turn ${turns}: ${problem}` };
      instance.execution.apply(record);
    }
  }
  return { ...about, turns };
}

async function differenceOfTurn(
  instance: Instance,
  recorded: TurnRecord,
  core: FunctionsCore,
  config: HostConfig,
  log: Log,
): Promise<string | undefined> {
  const startedAt = Date.parse(recorded.startedAt);
  const clock = { ...systemClock, now: () => startedAt };
  const invoker = new Invoker({ core, clock, timeoutMs: config.functionTimeoutMs, durableClient: () => '{}' });
  const runner = new TurnRunner({ core, invoker, config, clock, log });
  const result = await runner.run(instance, { kind: 'run', messages: recorded.used });
  if (result.kind !== 'turn') return 'it now continues as new';
  const { turn } = result;
  if (turn.status === 'Failed' && recorded.status !== 'Failed') return `it now fails: ${turn.output}`;
  for (const part of ['scheduled', 'cancelledTimers', 'status', 'output', 'customStatus'] as const) {
    const [now, then] = [comparable(turn[part]), comparable(recorded[part])];
    if (!isDeepStrictEqual(now, then))
      return `${part} is now ${JSON.stringify(now)}, recorded is ${JSON.stringify(then)}`;
  }
  return undefined;
}

/** Times of scheduled events are those of their turn's end, and ids of children are made up anew: neither is the code's doing. */
function comparable(part: unknown): unknown {
  const text = JSON.stringify(part ?? null);
  return JSON.parse(text, (name, value: unknown) =>
    name === 'Timestamp' || name === 'InstanceId' ? undefined : value,
  );
}
