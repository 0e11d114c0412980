import { runInline } from '../../../shared/batch/inline-engine';
import { allObjects } from '../../../shared/messages/pages';
import { recordOnAnyCloud } from '../../conformance/export-outcome';
import { describeWithMoto } from '../../support/aws-services';
import { newAwsWorld } from '../../support/aws-world';
import { snapshot } from '../../support/export-world';
import { newServiceWorld, putChat, putObject, registerTenant, type ServiceWorld } from '../../support/service-world';

const DATE = '2025-08-11';
const REQUEST = { job: 'export', date: DATE, force: false } as const;
const USERS = ['alice', 'bob', 'ユーザー'];

/** A small day: messages within it, around its ends and not readable, in several rooms of several users and two tenants. */
async function fill(world: ServiceWorld): Promise<void> {
  await registerTenant(world, 'acme');
  await registerTenant(world, 'globex', { time_zone: 'America/New_York' });
  for (const tenant of ['acme', 'globex']) {
    for (const user of USERS) {
      for (let i = 0; i < 12; i++) {
        const at = `2025-08-1${i % 3}T${String((i * 5) % 24).padStart(2, '0')}:30:00.000Z`;
        await putChat(world, tenant, user, `room ${i % 4}`, `${user}-${i}`, at);
      }
    }
    const broken = `${tenant}/chat/alice/room 0/messages/2025/08/11/12-00-00.000Z-broken.json`;
    await putObject(world.platform.dataStore(tenant), broken, '{"message_id": "broken",');
  }
}

/** Digests of the Parquet files, which hold nothing of where they were made. */
async function parquetOf({ platform }: ServiceWorld, tenant: string): Promise<Map<string, string>> {
  const written = await snapshot(platform.analyticsStore(tenant), `${tenant}/analytics/`);
  return new Map([...written].filter(([key]) => key.endsWith('.parquet')));
}

/** What was kept out of the data, without the ETags, which each store gives in its own way. */
async function quarantineOf({ platform }: ServiceWorld, tenant: string): Promise<unknown[]> {
  const store = platform.analyticsStore(tenant);
  const lines: unknown[] = [];
  for await (const { key } of allObjects(store, `${tenant}/analytics/_quarantine/`)) {
    const { body } = await store.read(key);
    for (const line of Buffer.from(body).toString().trim().split('\n')) {
      lines.push({ ...JSON.parse(line), etag: undefined });
    }
  }
  return lines;
}

describeWithMoto('an export on AWS', () => {
  const worlds: ServiceWorld[] = [];

  async function filled(made: Promise<ServiceWorld>): Promise<ServiceWorld> {
    const world = await made;
    worlds.push(world);
    await fill(world);
    return world;
  }

  afterAll(async () => {
    for (const { platform } of worlds) await platform.dispose();
  });

  test('writes the same bytes as one on Azure, and the same record of the run', async () => {
    const azure = await filled(newServiceWorld());
    const expected = await runInline(azure.platform, REQUEST);
    expect(expected.status).toBe('completed');

    for (const reader of ['fast', 'sdk']) {
      const aws = await filled(newAwsWorld({ STORAGE_READER: reader }));
      const report = await runInline(aws.platform, REQUEST);

      expect(outcomes(report)).toEqual(outcomes(expected));
      for (const tenant of ['acme', 'globex']) {
        const parts = await parquetOf(aws, tenant);
        expect(parts.size).toBe(4);
        expect(parts).toEqual(await parquetOf(azure, tenant));
        const quarantine = await quarantineOf(aws, tenant);
        expect(quarantine).toHaveLength(1);
        expect(quarantine).toEqual(await quarantineOf(azure, tenant));
        expect(await recordOf(aws, tenant)).toEqual(await recordOf(azure, tenant));
      }
    }
  });

  test('writes nothing when it is run again', async () => {
    const { platform } = await filled(newAwsWorld());
    await runInline(platform, REQUEST);
    const before = await snapshot(platform.analyticsStore('acme'));
    const recorded = await platform.metadata.get('TENANT#acme#BATCH', `DAILY#${DATE}`);

    const report = await runInline(platform, REQUEST);

    expect(report.status).toBe('completed');
    expect(await snapshot(platform.analyticsStore('acme'))).toEqual(before);
    expect(await platform.metadata.get('TENANT#acme#BATCH', `DAILY#${DATE}`)).toEqual(recorded);
  });

  test.each([
    ['S3_BUCKET_NAME', 'no-such-bucket', 'container_not_found'],
    ['DYNAMODB_TABLE_NAME', 'no-such-table', 'metadata_not_found'],
  ])('a wrong %s is named', async (name, value, code) => {
    const { settings } = await filled(newAwsWorld());
    const wrong = await newAwsWorld({ ...settings, [name]: value });
    worlds.push(wrong);

    const report = await runInline(wrong.platform, REQUEST);

    expect(report.status).toBe('failed');
    const failures = [report.failure, ...report.tenants.map(({ failure }) => failure)].filter(
      (one) => one !== undefined,
    );
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) {
      expect(failure).toMatchObject({ code, kind: 'configuration', message: expect.stringContaining(value) });
    }
  });
});

/** What a run came to, without how long it took. */
function outcomes(report: Awaited<ReturnType<typeof runInline>>): unknown {
  return report.tenants.map((outcome) => ({ ...outcome, seconds: undefined }));
}

/** The record without what says when, and without the values of digests of ETags, which each store gives in its own way. */
async function recordOf({ platform }: ServiceWorld, tenant: string): Promise<unknown> {
  const item: Record<string, unknown> | undefined = (
    await platform.metadata.get(`TENANT#${tenant}#BATCH`, `DAILY#${DATE}`)
  )?.item;
  const {
    processed_at: _processed,
    first_published_at: _first,
    seconds: _seconds,
    stages: _stages,
    ...record
  } = item ?? {
    SK: 'missing',
  };
  return recordOnAnyCloud(record);
}
