import { createFolderObjectStore } from '../../shared/local/folder-object-store';
import { allObjects } from '../../shared/messages/pages';
import { compactMonth } from '../../shared/operations/compact/compact-month';
import { messageKeyAt } from './chat';
import { ExportWorld, runDay } from './export-world';

export const OUTPUT_TENANT = 'hinata-books';
export const OUTPUT_MONTH = '2025-08';
export const OUTPUT_DATES = ['2025-08-10', '2025-08-11', '2025-08-12'];

/** How many messages a room gets on each date. */
const MESSAGES = 6;

/**
 * Published days of a tenant, and its month, as files below a folder, as `npm start` leaves them: with attachments, agents, fields that the
 * contract does not know, and messages that are no rows.
 */
export async function writeOutput(folder: string): Promise<void> {
  const world = new ExportWorld({ tenant: OUTPUT_TENANT, shardMessages: 20 });
  for (const date of OUTPUT_DATES) {
    for (const user of ['aoi', 'ren', 'yui']) await putDay(world, user, date);
    await runDay(world.context(date));
  }
  await compactMonth(world.context(OUTPUT_DATES[0] ?? ''), OUTPUT_MONTH, { partial: true });
  const target = createFolderObjectStore({ folder });
  for await (const { key } of allObjects(world.analytics, '')) {
    const { body } = await world.analytics.read(key);
    await target.write(key, body, { contentType: 'application/octet-stream' });
  }
}

async function putDay(world: ExportWorld, user: string, date: string): Promise<void> {
  const room = `${user}-room`;
  await world.putRoom(user, room, `${OUTPUT_DATES.at(-1)}T15:00:00Z`, `${user} asks`);
  for (let n = 0; n < MESSAGES; n++) {
    const at = `${date}T0${n}:15:00.000Z`;
    const id = `${user}-${date}-${n}`;
    await world.putMessage(messageKeyAt(OUTPUT_TENANT, user, room, at, id), bodyOf(id, at, n));
  }
  await world.putMessage(messageKeyAt(OUTPUT_TENANT, user, room, `${date}T06:00:00.000Z`, `${user}-broken`), '{');
}

function bodyOf(id: string, at: string, n: number): object {
  const message = { message_id: id, timestamp: at, role: n % 2 === 0 ? 'user' : 'assistant', content: `text of ${id}` };
  if (n % 2 === 0) return { ...message, attachments: [{ name: 'list.pdf' }] };
  const agent_info = { mode: n === 1 ? 'fast' : 'thorough', execution_time_ms: 120.5 * n, tokens_used: 100 * n };
  return { ...message, agent_info, feedback: { stars: n }, context: { rag_sources: [{ title: 'catalogue' }] } };
}
