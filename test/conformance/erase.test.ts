import { runInline } from '../../shared/batch/inline-engine';
import { batchPartition } from '../../shared/history/keys';
import { erasureSortKey } from '../../shared/messages/erased-users';
import { eraseUser } from '../../shared/operations/erase/erase-user';
import { describeWithMoto } from '../support/aws-services';
import { newAwsWorld } from '../support/aws-world';
import { snapshot } from '../support/export-world';
import { newServiceWorld, putChat, putObject, registerTenant, type ServiceWorld } from '../support/service-world';
import { textsOf } from '../unit/erase/erase-world';

// A user is erased on both clouds, and what is left is the same.

const TENANT = 'acme';
const DATE = '2025-08-11';
const REQUEST = { job: 'export', date: DATE, force: false } as const;
const GONE = 'ユーザー 1';
const USERS = ['alice', GONE, 'ユーザー 12'];

async function publish(world: ServiceWorld): Promise<void> {
  await registerTenant(world, TENANT);
  for (const user of USERS) {
    for (const room of ['r1', 'r 2']) await putChat(world, TENANT, user, room, `${user}-m`, `${DATE}T03:00:00.000Z`);
    const broken = `${TENANT}/chat/${user}/r1/messages/2025/08/11/04-00-00.000Z-broken.json`;
    await putObject(world.platform.dataStore(TENANT), broken, '{');
  }
  expect(await runInline(world.platform, REQUEST)).toMatchObject({ status: 'completed' });
}

async function erased(world: ServiceWorld): Promise<Map<string, string>> {
  const { platform } = world;
  const analytics = platform.analyticsStore(TENANT);
  try {
    await publish(world);

    const report = await eraseUser(platform, { tenant: TENANT, user: GONE, dryRun: false });

    expect(report.days).toMatchObject([{ date: DATE, rows: 2, quarantined: 1 }]);
    expect(report.left).toMatchObject({
      prefix: `${TENANT}/chat/${GONE}/`,
      items: expect.arrayContaining([`TENANT#acme / USER#${GONE}`]),
    });
    const record = await platform.metadata.get(batchPartition(TENANT), erasureSortKey(TENANT, GONE));
    expect(record?.item).toMatchObject({ status: 'completed', days: 1, rows: 2, quarantined: 1 });
    for (const [key, texts] of await textsOf(analytics, `${TENANT}/analytics/`))
      expect([
        key,
        texts.filter((text) => text.includes(`${GONE}-m`) || text === GONE || text.includes(`/${GONE}/`)),
      ]).toEqual([key, []]);
    const again = await runInline(platform, { ...REQUEST, force: true });
    expect(again.tenants).toMatchObject([{ status: 'completed', exported: 4, quarantined: 2 }]);
    const written = await snapshot(analytics, `${TENANT}/analytics/`);
    return new Map([...written].filter(([key]) => key.endsWith('.parquet')));
  } finally {
    await platform.dispose();
  }
}

describeWithMoto('a user who is erased on two clouds', () => {
  test('leaves nothing behind, and the same bytes of the others', async () => {
    const azure = await erased(await newServiceWorld());
    const aws = await erased(await newAwsWorld());

    expect(azure.size).toBe(4);
    expect(aws).toEqual(azure);
  });
});
