import type { HostConfig } from '../host-config';

/**
 * Why this host must not run an instance begun under `version`, or undefined where it may. An instance of an older
 * version goes on; one of a newer version needs code that this host does not have.
 */
export function versionProblem(
  version: string | null,
  config: Pick<HostConfig, 'defaultVersion' | 'versionMatchStrategy'>,
): string | undefined {
  const order = compareVersions(version, config.defaultVersion);
  const instance = `The instance was begun under version ${describe(version)}`;
  const host = `this host runs version ${describe(config.defaultVersion)}`;
  if (config.versionMatchStrategy === 'Strict' && order !== 0) {
    return `${instance}, and ${host}; versionMatchStrategy is Strict.`;
  }
  if (config.versionMatchStrategy === 'CurrentOrOlder' && order > 0) {
    return `${instance}, which is newer: ${host} (defaultVersion in host.json).`;
  }
  return undefined;
}

/**
 * The order of two versions, as the Durable extension has it: none is older than any; dotted numbers (two to four parts)
 * by their numbers; all else as text, without case.
 */
export function compareVersions(a: string | null, b: string | null): number {
  if (!a || !b) {
    return Number(Boolean(a)) - Number(Boolean(b));
  }
  const [left, right] = [dottedNumbers(a), dottedNumbers(b)];
  if (left !== undefined && right !== undefined) {
    for (let part = 0; part < 4; part++) {
      // A part that is not there is less than any number that is: 1.0 comes before 1.0.0.
      const difference = (left[part] ?? -1) - (right[part] ?? -1);
      if (difference !== 0) {
        return Math.sign(difference);
      }
    }
    return 0;
  }
  const [lower, other] = [a.toLowerCase(), b.toLowerCase()];
  return lower < other ? -1 : Number(lower > other);
}

function dottedNumbers(version: string): number[] | undefined {
  return /^\d+(\.\d+){1,3}$/.test(version) ? version.split('.').map(Number) : undefined;
}

function describe(version: string | null): string {
  return version ? `"${version}"` : 'none';
}
