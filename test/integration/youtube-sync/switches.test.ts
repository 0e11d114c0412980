import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as apiErrors from '../../../local/youtube/api-error';
import * as rules from '../../../local/youtube/rules';

/** Every failure that the stand-in can be switched to must be one that a sync was seen to meet. */
const SYNC_TESTS = readdirSync(__dirname)
  .filter((file) => file.endsWith('.test.ts') && file !== 'switches.test.ts')
  .map((file) => readFileSync(join(__dirname, file), 'utf8'))
  .join('\n');

/** Refusals of requests that no sync makes, and those that the stand-in gives by itself for what a test prepares. */
const NOT_SWITCHED = new Set([
  'Refusal',
  'missingKey',
  'invalidKey',
  'playlistNotFound',
  'invalidPageToken',
  'missingPart',
  'unknownPart',
  'missingFilter',
  'incompatibleParameters',
  'invalidFilters',
  'invalidParameter',
  'unknownParameter',
]);

/** Errors that rules stand for. */
const BY_RULES: Readonly<Record<string, string>> = {
  accessNotConfigured: 'apiNotEnabled',
  quotaExceeded: 'quotaUsedUpAt',
  rateLimitExceeded: 'rateLimitNext',
  backendError: 'failNext',
};

test.each(Object.keys(rules))('a sync meets the switch %s', (name) => {
  expect(SYNC_TESTS).toContain(`${name}(`);
});

test.each(Object.keys(apiErrors).filter((name) => !NOT_SWITCHED.has(name)))('a sync meets the error %s', (name) => {
  expect(SYNC_TESTS).toContain(`${BY_RULES[name] ?? name}(`);
});
