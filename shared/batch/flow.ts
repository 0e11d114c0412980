import type { StepCall, StepName, StepResult, Steps } from './steps';

/**
 * What a run decides, in order, without saying who runs it: it yields steps that may run side by side and is given their results. An
 * engine (durable orchestrator, inline) only carries them out. It is a plain generator, deterministic in its inputs, as
 * replaying engines require.
 */
export type Flow<Result> = Generator<readonly StepCall[], Result, readonly StepResult[]>;

/** One step, to be waited for. */
export function* one<Name extends StepName>(
  name: Name,
  input: Steps[Name]['input'],
): Flow<StepResult<Steps[Name]['output']>> {
  const [result] = yield* all(name, [input]);
  return result as StepResult<Steps[Name]['output']>;
}

/** Several steps side by side, with their results in the same order. */
export function* all<Name extends StepName>(
  name: Name,
  inputs: readonly Steps[Name]['input'][],
): Flow<readonly StepResult<Steps[Name]['output']>[]> {
  if (inputs.length === 0) return [];
  const results = yield inputs.map((input) => ({ name, input }));
  // What a step without a result was to do would be missing, and the proof would hold all the same.
  if (results.length !== inputs.length) {
    throw new TypeError(`The engine gave ${results.length} results for ${inputs.length} steps ${name}.`);
  }
  return results as readonly StepResult<Steps[Name]['output']>[];
}
