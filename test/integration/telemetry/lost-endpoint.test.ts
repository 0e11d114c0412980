import { randomUUID } from 'node:crypto';
import { IngestionEndpoint } from '../../support/ingestion-endpoint';
import type { ServiceWorld } from '../../support/service-world';
import { chatWorld, exportDay, withoutTimes } from './runs';

// Whatever becomes of the endpoint, the batch comes to the same.

let world: ServiceWorld;
let endpoint: IngestionEndpoint;
let silence: Awaited<ReturnType<typeof exportDay>>;

beforeAll(async () => {
  world = await chatWorld();
  silence = await exportDay(world, {});
});

beforeEach(async () => {
  endpoint = await IngestionEndpoint.start();
});

afterEach(async () => {
  await endpoint.stop();
});

afterAll(async () => {
  await world.platform.dispose();
});

function settings(): Record<string, string> {
  return { APPLICATIONINSIGHTS_CONNECTION_STRING: endpoint.connectionString(randomUUID()) };
}

function lossesIn(log: string): number[] {
  return [...log.matchAll(/Telemetry could not be sent, and is lost\..*"lost":(\d+)/g)].map(([, lost]) => Number(lost));
}

test('with an endpoint that takes everything, nothing is lost', async () => {
  const told = await exportDay(world, settings());

  expect(withoutTimes(told.report)).toEqual(withoutTimes(silence.report));
  expect(silence.report.status).toBe('partial');
  expect(lossesIn(told.log)).toEqual([]);
  expect(endpoint.envelopes.length).toBeGreaterThan(20);
});

test('with an endpoint that is not there, the report is the same, and one warning says how much is lost', async () => {
  const gone = settings();
  await endpoint.stop();
  endpoint = await IngestionEndpoint.start();

  const told = await exportDay(world, gone);

  expect(withoutTimes(told.report)).toEqual(withoutTimes(silence.report));
  expect(lossesIn(told.log)).toEqual([expect.any(Number)]);
  expect(lossesIn(told.log)[0]).toBeGreaterThan(20);
  expect(endpoint.paths).toEqual([]);
});

test.each([
  [400, 'refuses'],
  [429, 'throttles'],
  [500, 'fails'],
  [503, 'is overloaded'],
])('with an endpoint that answers %d, as it %s, the same', async (status) => {
  endpoint.behaviour = { status };

  const told = await exportDay(world, settings());

  expect(withoutTimes(told.report)).toEqual(withoutTimes(silence.report));
  expect(lossesIn(told.log)).toHaveLength(1);
});

test('with an endpoint that never answers, the same, and the end comes within seconds', async () => {
  endpoint.behaviour = { status: 'never' };

  const told = await exportDay(world, settings());

  expect(withoutTimes(told.report)).toEqual(withoutTimes(silence.report));
  expect(lossesIn(told.log)).toHaveLength(1);
  expect(told.endMilliseconds).toBeGreaterThan(1_500);
  expect(told.endMilliseconds).toBeLessThan(4_000);
});

test('what is to be sent as an identity is never sent without one', async () => {
  // No identity gives its token to an endpoint without TLS, such as this one.
  const told = await exportDay(world, {
    ...settings(),
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD',
  });

  expect(withoutTimes(told.report)).toEqual(withoutTimes(silence.report));
  expect(lossesIn(told.log)).toHaveLength(1);
  expect(endpoint.paths).toEqual([]);
});

test('with an endpoint that is slow, all of it arrives', async () => {
  endpoint.behaviour = { status: 200, afterMs: 500 };

  const told = await exportDay(world, settings());

  expect(withoutTimes(told.report)).toEqual(withoutTimes(silence.report));
  expect(lossesIn(told.log)).toEqual([]);
});
