import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { readHostConfig } from '../../../local/host/host-config';
import { temporaryDirectory } from './temporary-directory';

function appWith(hostJson: string): string {
  const root = temporaryDirectory();
  writeFileSync(join(root, 'host.json'), hostJson);
  return root;
}

test('a bare host.json has the defaults of production', () => {
  const config = readHostConfig(appWith('{"version":"2.0"}'), {});

  expect(config).toEqual({
    hubName: 'TestHubName',
    defaultVersion: null,
    versionMatchStrategy: 'CurrentOrOlder',
    versionFailureStrategy: 'Reject',
    maxConcurrentActivityFunctions: 10 * availableParallelism(),
    maxConcurrentOrchestratorFunctions: 10 * availableParallelism(),
    functionTimeoutMs: 30 * 60_000,
    routePrefix: 'api',
  });
});

test('everything the host honours is read, and the rest let be', () => {
  const root = appWith(
    JSON.stringify({
      version: '2.0',
      logging: { logLevel: { default: 'Information' } },
      functionTimeout: '1.02:03:04',
      extensions: {
        http: { routePrefix: '/v1/api/' },
        durableTask: {
          hubName: 'Batch%SLOT%',
          defaultVersion: '2.1',
          versionMatchStrategy: 'Strict',
          versionFailureStrategy: 'Fail',
          maxConcurrentActivityFunctions: 3,
          maxConcurrentOrchestratorFunctions: 4,
          tracing: { distributedTracingEnabled: true },
        },
      },
    }),
  );

  const config = readHostConfig(root, { SLOT: 'Blue' });

  expect(config).toEqual({
    hubName: 'BatchBlue',
    defaultVersion: '2.1',
    versionMatchStrategy: 'Strict',
    versionFailureStrategy: 'Fail',
    maxConcurrentActivityFunctions: 3,
    maxConcurrentOrchestratorFunctions: 4,
    functionTimeoutMs: (((24 + 2) * 60 + 3) * 60 + 4) * 1000,
    routePrefix: 'v1/api',
  });
});

test.each([
  ['00:05:00', 300_000],
  ['-1', undefined],
])('functionTimeout %s is %p ms', (functionTimeout, expected) => {
  expect(readHostConfig(appWith(JSON.stringify({ version: '2.0', functionTimeout })), {}).functionTimeoutMs).toBe(
    expected,
  );
});

test.each([
  ['{', 'cannot be read as JSON'],
  ['{}', 'version'],
  ['{"version":"2.0","functionTimeout":"5 minutes"}', 'functionTimeout'],
  [
    '{"version":"2.0","extensions":{"durableTask":{"maxConcurrentActivityFunctions":0}}}',
    'maxConcurrentActivityFunctions',
  ],
  ['{"version":"2.0","extensions":{"durableTask":{"hubName":"%NOT_SET%"}}}', '%NOT_SET%'],
])('%s is refused, naming %s', (hostJson, expected) => {
  expect(() => readHostConfig(appWith(hostJson), {})).toThrow(
    expect.objectContaining({ code: 'host_app_invalid', message: expect.stringContaining(expected) }),
  );
});

test('a missing host.json is refused by its path', () => {
  expect(() => readHostConfig(temporaryDirectory(), {})).toThrow(/host\.json cannot be read/);
});
