import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { HostError, messageOf } from './errors';

/** What the local host honours of host.json, with production's defaults filled in. */
export interface HostConfig {
  readonly hubName: string;
  readonly defaultVersion: string | null;
  readonly versionMatchStrategy: 'None' | 'Strict' | 'CurrentOrOlder';
  readonly versionFailureStrategy: 'Reject' | 'Fail';
  readonly maxConcurrentActivityFunctions: number;
  readonly maxConcurrentOrchestratorFunctions: number;
  /** Undefined: no limit. */
  readonly functionTimeoutMs: number | undefined;
  /** Without slashes at its ends; empty for none. */
  readonly routePrefix: string;
}

/** The default of the plans that Node apps run on today (Flex Consumption, Premium). */
const DEFAULT_FUNCTION_TIMEOUT_MS = 30 * 60_000;

const concurrency = z.int().positive();
const schema = z.object({
  version: z.literal('2.0'),
  functionTimeout: z.string().optional(),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().optional() }).optional(),
      durableTask: z
        .object({
          hubName: z.string().min(1).optional(),
          defaultVersion: z.string().min(1).optional(),
          versionMatchStrategy: z.enum(['None', 'Strict', 'CurrentOrOlder']).optional(),
          versionFailureStrategy: z.enum(['Reject', 'Fail']).optional(),
          maxConcurrentActivityFunctions: concurrency.optional(),
          maxConcurrentOrchestratorFunctions: concurrency.optional(),
        })
        .optional(),
    })
    .optional(),
});

/**
 * Reads host.json from the app root. `settings` resolve `%NAME%` in the hub's name.
 * @throws HostError `host_app_invalid` for a missing file, bad JSON, or a value that production would refuse
 */
export function readHostConfig(appRoot: string, settings: Readonly<Record<string, string | undefined>>): HostConfig {
  const path = join(appRoot, 'host.json');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new HostError('host_app_invalid', `${path} cannot be read as JSON: ${messageOf(error)}`, error);
  }
  const parsed = schema.safeParse(content);
  if (!parsed.success) {
    throw new HostError('host_app_invalid', `${path} is wrong:\n${z.prettifyError(parsed.error)}`, parsed.error);
  }
  const durable = parsed.data.extensions?.durableTask ?? {};
  const defaultConcurrency = 10 * availableParallelism();
  return {
    hubName: resolveSettings(durable.hubName ?? 'TestHubName', settings, 'the hub name in host.json'),
    defaultVersion: durable.defaultVersion ?? null,
    versionMatchStrategy: durable.versionMatchStrategy ?? 'CurrentOrOlder',
    versionFailureStrategy: durable.versionFailureStrategy ?? 'Reject',
    maxConcurrentActivityFunctions: durable.maxConcurrentActivityFunctions ?? defaultConcurrency,
    maxConcurrentOrchestratorFunctions: durable.maxConcurrentOrchestratorFunctions ?? defaultConcurrency,
    functionTimeoutMs: parseTimeout(parsed.data.functionTimeout),
    routePrefix: (parsed.data.extensions?.http?.routePrefix ?? 'api').replace(/^\/+|\/+$/g, ''),
  };
}

/**
 * Replaces each `%NAME%` of `text` by that setting.
 * @throws HostError `host_app_invalid`, naming the setting that is missing and `where` it is asked for
 */
export function resolveSettings(
  text: string,
  settings: Readonly<Record<string, string | undefined>>,
  where: string,
): string {
  return text.replace(/%([^%]+)%/g, (_whole, name: string) => {
    const value = settings[name];
    if (value === undefined || value === '') {
      throw new HostError(
        'host_app_invalid',
        `%${name}% in ${where} does not resolve to a value: set the setting ${name}.`,
      );
    }
    return value;
  });
}

/** `[d.]hh:mm:ss` in milliseconds; `-1` means no limit. */
function parseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) {
    return DEFAULT_FUNCTION_TIMEOUT_MS;
  }
  if (text === '-1') {
    return undefined;
  }
  const match = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})$/.exec(text);
  if (match === null) {
    throw new HostError(
      'host_app_invalid',
      `functionTimeout in host.json is "${text}": it must read hh:mm:ss, or -1 for none.`,
    );
  }
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ];
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
