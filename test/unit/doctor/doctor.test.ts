import { StorageError } from '../../../shared/errors';
import { CHECKS } from '../../../shared/operations/doctor/check';
import { PROBE } from '../../../shared/operations/doctor/metadata-check';
import type { MetadataItem } from '../../../shared/ports/metadata-store';
import { QuotaLedger } from '../../../shared/youtube/quota-ledger';
import { messageBody, messageKeyAt } from '../../support/chat';
import { snapshot } from '../../support/export-world';
import { standingClock } from '../../support/standing-clock';
import { DoctorWorld } from './doctor-world';

describe('where everything is fine', () => {
  test('every check says so, and says what it found', async () => {
    const world = await DoctorWorld.healthy();

    const checks = await world.examine();

    expect(checks.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect([...new Set(checks.map(({ check }) => check))]).toEqual([...CHECKS]);
    expect(checks.every(({ found }) => found !== '')).toBe(true);
    expect(world.disposed).toBe(1);
  });

  test('nothing is left behind but the doctor’s item and the unit of quota', async () => {
    // prepare
    const world = await DoctorWorld.healthy();
    const at = '2025-08-11T03:00:00.000Z';
    await world.memory.write(
      messageKeyAt('acme', 'alice', 'r', at, 'm'),
      Buffer.from(JSON.stringify(messageBody('m', at))),
      {
        contentType: 'application/json',
      },
    );
    const before = await snapshot(world.memory);
    const puts: string[] = [];
    world.metadata = {
      name: world.items.name,
      get: (...asked) => world.items.get(...asked),
      query: (...asked) => world.items.query(...asked),
      put: async (item: MetadataItem, ...more) => {
        puts.push(`${item.PK} / ${item.SK}`);
        await world.items.put(item, ...more);
      },
    };

    // act
    await world.examine();
    await world.examine();

    // assess
    expect(await snapshot(world.memory)).toEqual(before);
    expect(new Set(puts)).toEqual(
      new Set([`${PROBE.PK} / ${PROBE.SK}`, expect.stringMatching(/^SYSTEM#YOUTUBE_QUOTA \/ KEY#0123456789abcdef#/)]),
    );
    expect(world.api.requests).toHaveLength(2);
    const ledger = new QuotaLedger({
      metadata: world.items,
      clock: standingClock(() => world.nowMs),
      random: () => 0.5,
      keyId: '0123456789abcdef',
      dailyLimit: 10_000,
    });
    expect(await ledger.state()).toMatchObject({ spent: 2, reserved: 0 });
  });
});

describe('versions', () => {
  test('a Node that is too old is a problem', async () => {
    const world = await DoctorWorld.healthy();
    world.versions = { batch: '0.1.0', node: '20.19.4' };

    expect(await world.complaints()).toMatchObject([
      { check: 'versions', status: 'problem', do: expect.stringContaining('20.20') },
    ]);
  });
});

describe('clock', () => {
  test.each([
    [0, []],
    [-29_000, []],
    [90_000, [{ status: 'warning', found: expect.stringContaining('90 s behind') }]],
    [-90_000, [{ status: 'warning', found: expect.stringContaining('89 s ahead') }]],
    [600_000, [{ status: 'problem', found: expect.stringContaining('behind') }]],
  ])('the storage service’s is %p ms further', async (further, expected) => {
    const world = await DoctorWorld.healthy();
    world.otherClock = async () => ({ nowMs: world.nowMs + further, name: 'the account' });

    expect(await world.complaints('clock')).toEqual(expected.map((each) => expect.objectContaining(each)));
  });

  test('a service that does not say is a problem', async () => {
    const world = await DoctorWorld.healthy();
    world.otherClock = async () => {
      throw new StorageError('The account did not answer.', { code: 'storage_connection_lost', kind: 'transient' });
    };

    expect(await world.complaints()).toMatchObject([
      { check: 'clock', status: 'problem', found: expect.stringContaining('storage_connection_lost') },
    ]);
  });
});
