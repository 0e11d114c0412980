import { businessDay } from '../../../shared/calendar';
import { verifyDay } from '../../../shared/operations/verify/verify-day';
import { messageBody, messageKeyAt } from '../../support/chat';
import { runDay, snapshot, TENANT } from '../../support/export-world';
import { recorded, watched } from '../../support/store-spies';
import { AT, codesOf, DATE, manifestOf, publishedWorld, verify } from './verify-world';

describe.each([
  ['by its manifest', false],
  ['row by row', true],
])('a day that is verified %s', (_how, deep) => {
  it('is fine as it was published', async () => {
    // prepare
    const world = await publishedWorld();

    // act
    const day = await verify(world, deep);

    // assess
    expect(day).toMatchObject({ ok: true, deep, messages: 24, input: 'unchanged', findings: [] });
    expect((await manifestOf(world)).shards.length).toBeGreaterThan(1);
  });

  it('is fine without a message', async () => {
    const world = await publishedWorld();
    await runDay(world.context('2025-08-01'));

    const day = await verify(world, deep, '2025-08-01');

    expect(day).toMatchObject({ ok: true, messages: 0, parts: 0, findings: [] });
  });

  it('is changed by nothing: nothing is written and nothing deleted', async () => {
    // prepare
    const world = await publishedWorld();
    await world.putRoom('alice', 'r1', AT);
    const data = recorded(world.data);
    const analytics = recorded(world.analytics);
    const puts: unknown[] = [];
    const metadata = {
      name: 'the table',
      get: world.metadata.get.bind(world.metadata),
      query: world.metadata.query.bind(world.metadata),
      put: async (item: unknown) => void puts.push(item),
    };
    const before = await snapshot(world.analytics);

    // act
    await verifyDay(world.context(DATE, { data: data.store, analytics: analytics.store, metadata }), deep);

    // assess
    const methods = [...data.calls, ...analytics.calls].map(({ method }) => method);
    expect(methods).not.toContain('write');
    expect(methods).not.toContain('delete');
    expect(puts).toEqual([]);
    expect(await snapshot(world.analytics)).toEqual(before);
  });

  it.each([
    ['added', 'changed: 1 object more'],
    ['removed', 'changed: 1 object fewer'],
    ['replaced', 'changed: as many objects, but others'],
  ])('says that a message was %s since, and is not wrong for it', async (change, input) => {
    // prepare
    const world = await publishedWorld();
    const key = messageKeyAt(TENANT, 'bob', 'r1', AT, 'bob-r1-1');
    if (change === 'removed') await world.data.delete(key);
    else
      await world.putMessage(
        change === 'added' ? messageKeyAt(TENANT, 'bob', 'r9', AT, 'late') : key,
        (await world.data.read(key)).body,
      );

    // act
    const day = await verify(world, deep);

    // assess
    expect(day).toMatchObject({ ok: true, input });
    expect(codesOf(day)[0]).toBe('input_changed');
    expect(day.findings.every(({ severity }) => severity === 'warning')).toBe(true);
    expect(day.findings[0]?.do).toContain(`makoto-batch run export --date ${DATE} --tenant ${TENANT}`);
    await runDay(world.context(DATE));
    expect(await verify(world, deep)).toMatchObject({ ok: true, input: 'unchanged', findings: [] });
  });
});

it('names the command that runs a day which is not published, and what failed', async () => {
  const world = await publishedWorld();
  const last_failure = { code: 'access_denied', kind: 'configuration', message: 'No.', at: '2025-08-10T17:00:00.000Z' };
  await world.metadata.put({ PK: `TENANT#${TENANT}#BATCH`, SK: 'DAILY#2025-08-09', status: 'failed', last_failure });

  const day = await verify(world, false, '2025-08-09');

  expect(day).toMatchObject({ ok: false, findings: [{ severity: 'error', code: 'day_missing' }] });
  expect(day.findings[0]?.what).toContain('access_denied, No.');
  expect(day.findings[0]?.do).toBe(`makoto-batch run export --date 2025-08-09 --tenant ${TENANT}`);
});

it('tells a part that the manifest does not name, and that is no error', async () => {
  const world = await publishedWorld();
  const folder = `${TENANT}/analytics/messages/year=2025/month=08/day=11/`;
  await world.analytics.write(`${folder}part-00009-0123456789abcdef.parquet`, Buffer.from('x'), { contentType: 'x' });

  const day = await verify(world);

  expect(day).toMatchObject({ ok: true, findings: [{ severity: 'note', code: 'leftovers' }] });
  expect(day.findings[0]?.what).toContain('part-00009-0123456789abcdef.parquet');
});

it('finds the working papers gone, and is as deep without them', async () => {
  const world = await publishedWorld();
  for (const key of (await snapshot(world.analytics, `${TENANT}/analytics/_plans/`)).keys())
    await world.analytics.delete(key);

  const day = await verify(world, true);

  expect(day).toMatchObject({ ok: true, deep: true, input: 'unchanged', findings: [{ code: 'papers_missing' }] });
});

it('does not look into rows of a later version of the schema', async () => {
  const world = await publishedWorld();
  const key = `${TENANT}/analytics/_manifests/${DATE}.json`;
  const text = new TextDecoder().decode((await world.analytics.read(key)).body);
  await world.analytics.write(key, Buffer.from(text.replace(/"schema_version": \d+/, '"schema_version": 999')), {
    contentType: 'application/json',
  });

  const day = await verify(world, true);

  expect(day).toMatchObject({ ok: false, deep: false });
  expect(codesOf(day)).toContain('schema_newer');
});

it('holds a bounded part of a large day in memory while it compares', async () => {
  // prepare
  const world = await publishedWorld({ shardMessages: 100_000, partLimits: { rowGroupRows: 50, partBytes: 10_000 } });
  for (let i = 0; i < 600; i++) {
    const id = `m${String(i).padStart(4, '0')}`;
    await world.putMessage(messageKeyAt(TENANT, 'zoe', 'r', AT, id), messageBody(id, AT));
  }
  await runDay(world.context(DATE));
  let pending = 0;
  let most = 0;
  const data = watched(
    world.data,
    ({ method }) => {
      if (method === 'read') most = Math.max(most, ++pending);
    },
    ({ method }) => {
      if (method === 'read') pending -= 1;
    },
  );

  // act
  const day = await verifyDay(world.context(DATE, { data }), true);

  // assess
  expect(day).toMatchObject({ ok: true, messages: 624 });
  expect(day.parts).toBeGreaterThan(4);
  expect(most).toBeLessThanOrEqual(world.context(DATE).options.readConcurrency);
});

it('is not changed by a message of the next day in a folder that both share', async () => {
  const world = await publishedWorld();
  const later = '2025-08-11T16:00:00.000Z';
  await world.putMessage(messageKeyAt(TENANT, 'bob', 'r1', later, 'next'), messageBody('next', later));

  const day = await verify(world, true);

  expect(day).toMatchObject({ ok: true, input: 'unchanged', findings: [] });
});

it('names a day that was made in another time zone, and finds it to be what it was made as', async () => {
  // prepare
  const world = await publishedWorld();
  const context = world.context(DATE);
  const moved = { ...context, day: businessDay(DATE, 'America/New_York') };

  // act
  const day = await verifyDay(moved, true);

  // assess
  expect(day).toMatchObject({ ok: true, input: 'unchanged', findings: [{ code: 'bounds_differ' }] });
  expect(day.findings[0]?.what).toContain('published as one of Asia/Tokyo');
  await runDay(moved);
  expect(await verifyDay(moved, true)).toMatchObject({ ok: true, findings: [] });
});
