import { createCosmosMetadataStore } from '../../../shared/azure/cosmos-metadata-store';
import { systemClock } from '../../../shared/local/system-clock';
import type { Clock } from '../../../shared/ports/clock';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingMetadataStore } from '../../../shared/retry/retrying-metadata-store';
import { QuotaLedger } from '../../../shared/youtube/quota-ledger';
import { lastSync, recordSync, type SyncOutcome } from '../../../shared/youtube/sync-record';
import { newMetadataContainer, sharedServices } from '../../support/services';

/** The time is always noon, so that no test meets a midnight; waits are real ones. */
const clock: Clock = { now: () => Date.parse('2026-07-01T19:00:00Z'), sleep: (ms) => systemClock.sleep(ms) };
const TENANTS = 50;
const UNITS = 25;

async function open() {
  const { COSMOS_ENDPOINT: endpoint, COSMOS_KEY: key, COSMOS_DATABASE_NAME: database } = sharedServices();
  const container = await newMetadataContainer('quota');
  const cosmos = createCosmosMetadataStore({ endpoint, key, database, container });
  const retry = { clock, random: Math.random, policy: DEFAULT_RETRY_POLICY };
  return { metadata: new RetryingMetadataStore(cosmos, retry), close: () => cosmos.dispose() };
}

describe('the quota ledger on Cosmos DB', () => {
  it(`counts every unit of ${TENANTS} tenants at the same time`, async () => {
    const { metadata, close } = await open();
    const ledger = () => new QuotaLedger({ metadata, clock, random: Math.random, keyId: 'key-1', dailyLimit: 10_000 });

    const spent = await Promise.all(
      Array.from({ length: TENANTS }, async (_, index) => {
        const reservation = await ledger().reserve(`tenant-${index}/UC1`, UNITS);
        await Promise.all(Array.from({ length: UNITS }, () => reservation.spend()));
        await reservation.settle();
        return reservation.spent;
      }),
    );

    expect(spent).toEqual(Array.from({ length: TENANTS }, () => UNITS));
    const counted = TENANTS * UNITS;
    expect(await ledger().state()).toMatchObject({ spent: counted, reserved: 0, left: 10_000 - counted });
    close();
  });

  it('never grants more than there is, whoever comes first', async () => {
    const { metadata, close } = await open();
    const ledger = () => new QuotaLedger({ metadata, clock, random: Math.random, keyId: 'key-1', dailyLimit: 100 });

    const reservations = await Promise.allSettled(
      Array.from({ length: 12 }, (_, index) => ledger().reserve(`tenant-${index}/UC1`, 30)),
    );

    const granted = reservations.map((result) => (result.status === 'fulfilled' ? result.value.granted : 0));
    expect(granted.sort((a, b) => b - a).slice(0, 5)).toEqual([30, 30, 30, 10, 0]);
    for (const result of reservations) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'youtube_quota_spent' });
    }
    close();
  });

  it('keeps run records beside it, of which the newest is found', async () => {
    const { metadata, close } = await open();
    const outcome: SyncOutcome = { status: 'completed', channels: [], quotaUnits: 3 };
    const sync = { tenant: 'a', date: '2026-07-02', outcome };
    await recordSync(metadata, clock, { ...sync, run: '2026-07-02T04-00-00' });
    await recordSync(metadata, clock, { ...sync, run: '2026-07-01T16-00-00' });
    const before = await metadata.get('TENANT#a#BATCH', 'YOUTUBE#2026-07-02T04-00-00');

    await recordSync(metadata, clock, { ...sync, run: '2026-07-02T04-00-00' });

    expect(await metadata.get('TENANT#a#BATCH', 'YOUTUBE#2026-07-02T04-00-00')).toEqual(before);
    expect(await lastSync(metadata, 'a')).toMatchObject({ run: '2026-07-02T04-00-00', quotaUnits: 3 });
    close();
  });
});
