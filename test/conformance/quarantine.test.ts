import { runInline } from '../../shared/batch/inline-engine';
import { readPublishedDay } from '../../shared/messages/published-day';
import { findMessage } from '../../shared/operations/quarantine/find-message';
import { listQuarantine } from '../../shared/operations/quarantine/list-quarantine';
import { messageOfKey } from '../../shared/operations/quarantine/message-of-key';
import { daysToRun, judgeDays } from '../../shared/operations/quarantine/replay-days';
import { replayCopy, undoCopy } from '../../shared/operations/quarantine/replay-message';
import { describeWithMoto } from '../support/aws-services';
import { newAwsWorld } from '../support/aws-world';
import { messageBody, messageKeyAt } from '../support/chat';
import { newServiceWorld, putChat, putObject, registerTenant, type ServiceWorld } from '../support/service-world';

// A message in quarantine, corrected on either cloud: the ETags that copies hang on are those of real listings, heads and reads.

const TENANT = 'acme';
const DATE = '2025-08-11';
const AT = '2025-08-11T03:00:00.000Z';
const SPAN = { from: DATE, to: DATE };
const KEY = messageKeyAt(TENANT, 'ひろし x', 'r', AT, 'broken #1');

async function corrected({ platform }: ServiceWorld) {
  const message = { tenant: TENANT, timeZone: 'Asia/Tokyo', date: DATE, key: messageOfKey(TENANT, KEY) };
  const copy = Buffer.from(JSON.stringify(messageBody('broken #1', AT, '訂正した')));
  const found = await findMessage(platform, { id: TENANT, timeZone: 'Asia/Tokyo' }, message.key);
  const { before, after, inQuarantine } = await replayCopy(platform, message, copy);
  const listed = await listQuarantine(platform, TENANT, SPAN, { lines: 10 });
  const published = await readPublishedDay(platform.analyticsStore(TENANT), TENANT, DATE);
  const again = await runInline(platform, { job: 'export', date: DATE, tenants: [TENANT], force: true });
  const standing = await readPublishedDay(platform.analyticsStore(TENANT), TENANT, DATE);
  const judged = await judgeDays(platform, message, SPAN);
  const undone = await undoCopy(platform, message);
  return {
    found: { unchanged: found.unchanged, place: found.place, reason: found.line?.reason },
    replayed: { before, after, inQuarantine },
    listed: listed.days.map(({ messages, ...day }) => ({ ...day, keys: messages?.map(({ key }) => key) })),
    parts: published?.manifest.datasets,
    again: again.status,
    stands: standing?.etag === published?.etag,
    left: daysToRun(judged.days),
    undone: undone.after,
  };
}

describeWithMoto('a corrected copy on two clouds', () => {
  const worlds: ServiceWorld[] = [];

  beforeAll(async () => {
    worlds.push(await newServiceWorld(), await newAwsWorld());
    for (const world of worlds) {
      await registerTenant(world, TENANT);
      await putChat(world, TENANT, 'ひろし x', 'r', 'm1', AT);
      await putObject(world.platform.dataStore(TENANT), KEY, '{"message_id": "broken #1", }');
      await putObject(world.platform.dataStore(TENANT), KEY.replace('broken #1', 'empty'), '');
      await runInline(world.platform, { job: 'export', date: DATE, tenants: [TENANT], force: false });
    }
  });

  afterAll(() => Promise.all(worlds.map(({ platform }) => platform.dispose())));

  test('comes in, stays in, and can be taken back, with the same bytes on either', async () => {
    const [azure, aws] = await Promise.all(worlds.map(corrected));

    expect(azure).toMatchObject({
      found: { unchanged: true, reason: 'bad_json', place: { line: 1, column: 29 } },
      replayed: {
        before: { listed: 3, exported: 1, quarantined: 2, repaired: 0 },
        after: { listed: 3, exported: 2, quarantined: 1, repaired: 1 },
        inQuarantine: false,
      },
      listed: [{ quarantined: 1, repaired: 1, keys: [KEY.replace('broken #1', 'empty')] }],
      again: 'completed',
      stands: true,
      left: [],
      undone: { exported: 1, quarantined: 2, repaired: 0 },
    });
    expect(aws).toEqual(azure);
  });
});
