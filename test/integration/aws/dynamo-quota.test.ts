import { createDynamoMetadataStore } from '../../../shared/aws/dynamo-metadata-store';
import { systemClock } from '../../../shared/local/system-clock';
import type { Clock } from '../../../shared/ports/clock';
import { DEFAULT_RETRY_POLICY } from '../../../shared/retry/retry';
import { RetryingMetadataStore } from '../../../shared/retry/retrying-metadata-store';
import { QuotaLedger } from '../../../shared/youtube/quota-ledger';
import { newTable, sharedAws } from '../../support/aws-services';

/** The time is always noon, so that no test meets a midnight; waits are real ones. */
const clock: Clock = { now: () => Date.parse('2026-07-01T19:00:00Z'), sleep: (ms) => systemClock.sleep(ms) };
const TENANTS = 50;
const UNITS = 25;
const LIMIT = 1000;

test(`the quota ledger on DynamoDB grants ${TENANTS} tenants at the same time no more than there is, and counts every unit`, async () => {
  const { region, dynamodb } = sharedAws();
  const dynamo = createDynamoMetadataStore({ region, table: await newTable('quota'), endpoint: dynamodb.endpoint });
  const metadata = new RetryingMetadataStore(dynamo, { clock, random: Math.random, policy: DEFAULT_RETRY_POLICY });
  const ledger = () => new QuotaLedger({ metadata, clock, random: Math.random, keyId: 'key-1', dailyLimit: LIMIT });

  const results = await Promise.allSettled(
    Array.from({ length: TENANTS }, async (_, index) => {
      const reservation = await ledger().reserve(`tenant-${index}/UC1`, UNITS);
      await Promise.all(Array.from({ length: reservation.granted }, () => reservation.spend()));
      return reservation;
    }),
  );
  const granted = results.filter((result) => result.status === 'fulfilled').map(({ value }) => value);
  for (const reservation of granted) await reservation.settle();

  expect(granted.map(({ spent }) => spent)).toEqual(Array.from({ length: LIMIT / UNITS }, () => UNITS));
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'youtube_quota_spent' });
  }
  expect(await ledger().state()).toMatchObject({ spent: LIMIT, reserved: 0, left: 0 });
  dynamo.dispose();
});
