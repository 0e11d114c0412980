import type { Clock } from '../ports/clock';
import type { SecretName, SecretSource } from '../ports/secret-source';
import type { Secret } from '../secret';

interface Reading {
  readonly secret: Promise<Secret | undefined>;
  readonly startedAt: number;
}

/**
 * Keeps what a source gave for `keepMs` milliseconds, and lets callers that ask at the same time share one reading. `fresh` always
 * reads again. Failures are not kept, and neither is that there is no such secret: it may just be being set.
 */
export function keptSecrets(source: SecretSource, { clock, keepMs }: { clock: Clock; keepMs: number }): SecretSource {
  const readings = new Map<SecretName, Reading>();

  function read(name: SecretName, fresh: boolean): Promise<Secret | undefined> {
    const reading: Reading = { secret: source.get(name, { fresh }), startedAt: clock.now() };
    readings.set(name, reading);
    const forget = () => {
      if (readings.get(name) === reading) readings.delete(name);
    };
    reading.secret.then((secret) => secret ?? forget(), forget);
    return reading.secret;
  }

  return {
    name: source.name,
    get: async (name, { fresh = false } = {}) => {
      const kept = readings.get(name);
      const isGood = kept !== undefined && clock.now() - kept.startedAt < keepMs;
      return isGood && !fresh ? kept.secret : read(name, fresh);
    },
  };
}
