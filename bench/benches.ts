import { encode } from './encode/encode';
import { exportBench } from './export/export';
import { get } from './get/get';
import type { Bench } from './harness/bench';
import { list } from './list/list';
import { orchestrate } from './orchestrate/orchestrate';
import { scale } from './scale/scale';
import { sync } from './sync/sync';
import { upsert } from './upsert/upsert';

/** Every bench there is, in the order in which all of them are run. */
export const BENCHES: readonly Bench[] = [get, list, encode, exportBench, scale, orchestrate, sync, upsert];

/** @throws UnknownBenchError */
export function benchNamed(name: string): Bench {
  const found = BENCHES.find((bench) => bench.name === name);
  if (found === undefined) throw new UnknownBenchError(name);
  return found;
}

export class UnknownBenchError extends Error {
  constructor(name: string) {
    super(
      `There is no bench ${JSON.stringify(name)}: expected one of ${BENCHES.map((bench) => bench.name).join(', ')}.`,
    );
    this.name = 'UnknownBenchError';
  }
}
