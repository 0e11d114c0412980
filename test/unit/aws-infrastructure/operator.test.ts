import type { BatchPlatform } from '../../../shared/batch/batch-platform';
import { runInline } from '../../../shared/batch/inline-engine';
import { compactTenants } from '../../../shared/operations/compact/compact-tenants';
import { reportHtml } from '../../../shared/operations/dashboard/report';
import { checkMetadata } from '../../../shared/operations/doctor/metadata-check';
import { checkStorage } from '../../../shared/operations/doctor/storage-check';
import { eraseUser } from '../../../shared/operations/erase/erase-user';
import { findMessage } from '../../../shared/operations/quarantine/find-message';
import { listQuarantine } from '../../../shared/operations/quarantine/list-quarantine';
import { messageOfKey } from '../../../shared/operations/quarantine/message-of-key';
import { replayCopy } from '../../../shared/operations/quarantine/replay-message';
import { verifyRun } from '../../../shared/operations/verify/verify-run';
import { BatchWorld, noonOf, TENANT, type WorldCall } from '../../support/batch-world';
import { messageBody } from '../../support/chat';
import { recorded } from '../../support/store-spies';
import { codeBlocks, readText, section } from '../docs/documents';
import { type Asked, actionsOf, askedOfBucket, isAllowed, type Policy } from './policies';

// The policy of the documents, beside what the commands of an operator ask for.

const DATE = '2025-08-11';
const MONTH = '2025-08';
const BUCKET = 'BUCKET';
const TABLE = 'arn:aws:dynamodb:REGION:ACCOUNT:table/TABLE';

/** Only parts of over 16 MB are written in pieces, and only a write that failed takes them back. */
const NOT_MET = ['s3:AbortMultipartUpload'];
const CHANGES = ['s3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 'dynamodb:PutItem'];

const [block] = codeBlocks(section(readText('docs/aws.md'), "### The operator's own commands"));
const policies: Policy[] = [{ PolicyName: 'operator', PolicyDocument: JSON.parse(block?.content ?? '') }];

const tenant = { id: TENANT, timeZone: 'Asia/Tokyo' };
const request = { job: 'export', date: DATE, force: false, tenants: [TENANT] } as const;
const span = { from: DATE, to: DATE };

async function ended(all: AsyncIterable<unknown>): Promise<void> {
  for await (const _each of all);
}

type Command = (platform: BatchPlatform, broken: string) => Promise<unknown>;

/** In this order: each finds what those before it have left. */
const CHANGING: Readonly<Record<string, Command>> = {
  doctor: async (platform) => [
    ...(await checkStorage(platform, [tenant])),
    ...(await checkMetadata(platform.metadata, platform.clock.now())),
  ],
  'backfill, or a run': (platform) => runInline(platform, request),
  'quarantine replay': (platform, broken) =>
    replayCopy(
      platform,
      { tenant: TENANT, timeZone: 'Asia/Tokyo', date: DATE, key: messageOfKey(TENANT, broken) },
      Buffer.from(JSON.stringify(messageBody('broken', noonOf(DATE)))),
    ),
  compact: (platform) => ended(compactTenants(platform, { month: MONTH, tenants: [TENANT], partial: true })),
  erase: (platform) => eraseUser(platform, { tenant: TENANT, user: 'bob', dryRun: false }),
};

const LOOKING: Readonly<Record<string, Command>> = {
  verify: (platform) => ended(verifyRun(platform, request, true)),
  'quarantine list': (platform) => listQuarantine(platform, TENANT, span, { lines: 10 }),
  'quarantine show': (platform, broken) => findMessage(platform, tenant, messageOfKey(TENANT, broken)),
  report: (platform) => reportHtml(platform, { days: 7, language: 'en' }),
};

const ACTIONS_OF_METADATA: Readonly<Record<string, string>> = {
  get: 'dynamodb:GetItem',
  query: 'dynamodb:Query',
  put: 'dynamodb:PutItem',
};

/** A tenant with a day to be exported, and a message in it that is none. */
async function newWorld(): Promise<{ readonly world: BatchWorld; readonly broken: string }> {
  const world = new BatchWorld();
  await world.addTenant();
  for (const user of ['alice', 'bob']) await world.say(noonOf(DATE), `m-${user}`, { user });
  return { world, broken: await world.say(noonOf(DATE), 'broken', { user: 'alice', body: '{"message_id": ' }) };
}

/** What a command asks AWS for. */
async function askedBy(world: BatchWorld, command: Command, broken: string): Promise<Asked[]> {
  const [data, analytics] = [recorded(world.data), recorded(world.analytics)];
  const platform = { ...world.platform(), dataStore: () => data.store, analyticsStore: () => analytics.store };
  world.calls.length = 0;
  await command(platform, broken);
  const ofMetadata = ({ method }: WorldCall) => {
    const action = ACTIONS_OF_METADATA[method];
    return action === undefined ? [] : [{ action, resource: TABLE }];
  };
  const ofObjects = [...data.calls, ...analytics.calls].flatMap((call) => askedOfBucket(BUCKET, call));
  return [...ofObjects, ...world.calls.flatMap(ofMetadata)];
}

const actions = (asked: readonly Asked[]) => [...new Set(asked.map(({ action }) => action))].sort();

test('all that an operator does is allowed, and nothing that none of it asks for', async () => {
  const { world, broken } = await newWorld();

  const asked: Asked[] = [];
  for (const command of Object.values({ ...CHANGING, ...LOOKING }))
    asked.push(...(await askedBy(world, command, broken)));

  expect(asked.filter((each) => !isAllowed(policies, each))).toEqual([]);
  expect(actions(asked)).toEqual(actionsOf(policies).filter((action) => !NOT_MET.includes(action)));
});

test.each(Object.entries(LOOKING))('%s needs no statement about changes', async (_name, command) => {
  const { world, broken } = await newWorld();
  await world.run({ date: DATE });

  const asked = await askedBy(world, command, broken);

  expect(asked.length).toBeGreaterThan(0);
  expect(asked.filter(({ action }) => CHANGES.includes(action))).toEqual([]);
});

test('report needs no statement but that about records', async () => {
  const { world, broken } = await newWorld();
  await world.run({ date: DATE });

  const asked = await askedBy(world, LOOKING.report ?? (() => Promise.reject()), broken);

  expect(actions(asked).filter((action) => !['dynamodb:GetItem', 'dynamodb:Query'].includes(action))).toEqual([]);
});
