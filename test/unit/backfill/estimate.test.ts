import { StorageError } from '../../../shared/errors';
import { backfillRequest } from '../../../shared/operations/backfill/backfill-request';
import { type BackfillWork, findWork, type TenantWork } from '../../../shared/operations/backfill/backfill-work';
import { estimateBackfill } from '../../../shared/operations/backfill/estimate';
import { dayCost } from '../../../shared/operations/day-cost';
import { BatchWorld, datesFrom, noonOf } from '../../support/batch-world';

const DAYS = datesFrom('2025-08-01', 10);

function workOf(...tenants: readonly Partial<TenantWork>[]): BackfillWork {
  const one = { tenant: 'acme', timeZone: 'Asia/Tokyo', days: DAYS, published: 0, notBegun: 0, known: [] };
  return { refused: [], tenants: tenants.map((each, at) => ({ ...one, tenant: `t${at}`, ...each })) };
}

const HERE = { engine: 'inline', concurrency: 2 } as const;
const THERE = { engine: 'orchestrator', concurrency: 2 } as const;

/** Nothing is in the stores of these worlds: a tenant that is looked at has no room. */
const ROOMLESS = { rooms: 0, knownRooms: 0 };

test('days are like the published ones near them: messages, time, requests and money', async () => {
  const platform = new BatchWorld().platform();
  const known = [
    { messages: 1000, seconds: 10 },
    { messages: 3000, seconds: 30 },
  ];

  const estimate = await estimateBackfill(platform, workOf({ known }), THERE);

  const { parts, requests } = dayCost('azure', { messages: 2000, ...ROOMLESS });
  expect(estimate).toMatchObject({ messages: 20_000, requests: Math.round(10 * requests), seconds: (10 * 20) / 2 });
  expect(estimate.parts.compute).toBeCloseTo(10 * parts.compute, 10);
  expect(estimate.usd).toBeCloseTo(10 * (parts.compute + parts.storage + parts.metadata), 10);
  expect(estimate.from).toEqual({ records: 1, look: 0, others: 0 });
});

test('the rooms that were touched since an old day are all to be listed, which takes requests, time and money', async () => {
  const world = new BatchWorld();
  await world.addTenant();
  for (let room = 0; room < 40; room++) await world.say(noonOf('2025-08-10'), `m${room}`, { room: `r${room}` });
  const work = workOf({ tenant: 'acme', known: [{ messages: 3, seconds: 1 }] });

  const { requests, usd } = await estimateBackfill(world.platform(), work, HERE);

  const expected = dayCost('azure', { messages: 3, rooms: 40, knownRooms: 40 });
  expect(requests).toBe(Math.round(10 * expected.requests));
  expect(usd).toBeCloseTo(10 * (expected.parts.storage + expected.parts.metadata), 10);
});

test('the time of days that were not timed is in proportion to the others', async () => {
  const platform = new BatchWorld().platform();
  const known = [{ messages: 1000, seconds: 10 }, { messages: 3000 }];

  const estimate = await estimateBackfill(platform, workOf({ known }), HERE);

  expect(estimate.seconds).toBe(10 * 20);
});

test('without any time on record it is the measured one', async () => {
  const platform = new BatchWorld().platform();

  const estimate = await estimateBackfill(platform, workOf({ known: [{ messages: 70_000 }] }), HERE);

  expect(estimate.seconds).toBe(Math.ceil(10 * dayCost('azure', { messages: 70_000, ...ROOMLESS }).seconds));
});

test('in a process of one’s own nothing is paid for computing, and days side by side are no faster', async () => {
  const platform = new BatchWorld().platform();
  const work = workOf({ known: [{ messages: 1000, seconds: 10 }] });

  const two = { ...work, tenants: [...work.tenants, ...work.tenants] };
  const here = await estimateBackfill(platform, two, HERE);
  const there = await estimateBackfill(platform, two, THERE);

  expect(here.parts).toEqual({ ...there.parts, compute: 0 });
  expect(here.seconds).toBe(2 * there.seconds);
});

test('a tenant without a record is looked at, without a change to anything', async () => {
  const world = new BatchWorld();
  await world.addTenant();
  for (const [at, date] of datesFrom('2025-08-01', 3).entries())
    for (let message = 0; message <= at; message++) await world.say(noonOf(date), `${date}-${message}`);
  const work = await findWork(world.platform(), backfillRequest({ from: '2025-08-01', to: '2025-08-03' }));
  world.calls.length = 0;

  const estimate = await estimateBackfill(world.platform(), work, HERE);

  expect(estimate).toMatchObject({ messages: 6, from: { records: 0, look: 1, others: 0 } });
  expect(world.calls.filter(({ method }) => ['write', 'delete', 'put'].includes(method))).toEqual([]);
});

test('only some tenants without a record are looked at; the others are taken to be like those', async () => {
  const world = new BatchWorld();
  const none = workOf(...Array.from({ length: 8 }, () => ({})));
  const known = workOf({ known: [{ messages: 40 }] });

  const estimate = await estimateBackfill(
    world.platform(),
    { ...none, tenants: [...none.tenants, ...known.tenants.map((each) => ({ ...each, tenant: 'known' }))] },
    HERE,
  );

  expect(estimate.from).toEqual({ records: 1, look: 5, others: 3 });
  // Five are looked at and have nothing: the mean is 40 / 6.
  expect(estimate.messages).toBe(Math.round(10 * (40 + 3 * (40 / 6))));
});

test('a tenant that cannot be looked at does not keep the others from being estimated', async () => {
  const world = new BatchWorld();
  world.before = ({ method }) => {
    if (method === 'listPrefixes') throw new StorageError('Refused.', { code: 'access_denied', kind: 'configuration' });
  };

  const estimate = await estimateBackfill(world.platform(), workOf({}, { known: [{ messages: 10 }] }), HERE);

  expect(estimate).toMatchObject({ messages: 200, from: { records: 1, look: 0, others: 1 } });
});
