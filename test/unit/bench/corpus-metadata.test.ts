import { Corpus, type CorpusShape } from '../../../bench/blob-server/corpus';
import { CorpusMetadata } from '../../../bench/export/corpus-metadata';
import { businessDay } from '../../../shared/calendar';
import { knownUsers } from '../../../shared/messages/known-rooms';
import { allItems } from '../../../shared/messages/pages';

const SHAPE: CorpusShape = {
  ...{ tenant: 'acme', date: '2025-08-11', rooms: 5000, messagesPerRoom: 20, bodyBytes: 600 },
  ...{ skew: 0.5, daysBefore: 2 },
};
const corpus = new Corpus(SHAPE);

test('the export finds every room of every user, over many pages, and all of them touched', async () => {
  const metadata = new CorpusMetadata('acme', corpus);
  const found = [];

  for await (const { rooms } of knownUsers(metadata, 'acme')) found.push(...rooms);

  const { start, end } = businessDay('2025-08-11', 'Asia/Tokyo');
  const names = (rooms: readonly { user: string; room: string }[]) => rooms.map(({ user, room }) => `${user}/${room}`);
  expect(names(found).sort()).toEqual(names(corpus.rooms).sort());
  expect(found.every(({ updatedAtMs = 0 }) => start <= updatedAtMs && updatedAtMs < end)).toBe(true);
});

test('a room counts the messages of all its days', async () => {
  const metadata = new CorpusMetadata('acme', corpus);
  const rooms = allItems(metadata, { partition: 'TENANT#acme#USER#user-000000', sortKeyPrefix: 'CHAT#' });

  const counts = new Set<unknown>();
  for await (const { message_count: count } of rooms) counts.add(count);

  expect([...counts]).toEqual([60]);
});

test('what the batch writes is there again', async () => {
  const metadata = new CorpusMetadata('acme', corpus);

  await metadata.put({ PK: 'TENANT#acme#BATCH', SK: 'DAILY#2025-08-11', status: 'completed' }, 'absent');

  const { item } = (await metadata.get('TENANT#acme#BATCH', 'DAILY#2025-08-11')) ?? {};
  expect(item).toMatchObject({ status: 'completed' });
});
