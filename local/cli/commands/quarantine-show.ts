import { writeFile } from 'node:fs/promises';
import { parseBusinessDate } from '../../../shared/calendar';
import { InputError } from '../../../shared/errors';
import { findMessage } from '../../../shared/operations/quarantine/find-message';
import type { InspectedMessage } from '../../../shared/operations/quarantine/inspect-message';
import { messageOfKey } from '../../../shared/operations/quarantine/message-of-key';
import { messageText } from '../../../shared/operations/quarantine/message-place';
import { readTenant } from '../../../shared/tenants';
import type { GlobalOptions } from '../cli-command';
import type { CliSession } from '../cli-session';
import { fileErrorCode } from '../file-errors';
import { ExitCode } from '../outcome';
import { SHOWN_CHARACTERS, shownMessageLines } from '../quarantine-show-text';

/** The options of `quarantine show`, as they were typed. */
export interface ShowArguments {
  readonly tenant: string;
  readonly key: string;
  readonly date?: string;
  readonly save?: string;
}

export async function showQuarantined(session: CliSession, args: ShowArguments, global: GlobalOptions): Promise<void> {
  const settings = session.settings(global);
  const key = messageOfKey(args.tenant, args.key);
  const date = args.date === undefined ? undefined : parseBusinessDate(args.date);
  await session.onPlatform(settings, async (platform) => {
    const tenant = await readTenant(platform.metadata, args.tenant, settings);
    const message = await findMessage(platform, tenant, key, date);
    if (args.save !== undefined) await save(message, args.save);
    const lines = shownMessageLines(tenant.id, key.key, message);
    session.tell(args.save === undefined ? lines : [...lines, '', `It was written to ${args.save}.`], global);
    const found = message.line !== undefined || message.current !== undefined;
    session.result({ status: found ? 'completed' : 'failed', ...resultOf(tenant.id, key.key, message) }, global);
    session.exitCode = found ? ExitCode.completed : ExitCode.notCompleted;
  });
}

/** The message's text is in it on purpose, cut where it is long: who asks for a message is to see it. */
function resultOf(tenant: string, key: string, { date, published, line, current, ...rest }: InspectedMessage): object {
  const { unchanged = null, place = null, repair = null } = rest;
  const { body, ...inStorage } = current ?? {};
  const text = body === undefined ? null : messageText(body).slice(0, SHOWN_CHARACTERS);
  const now = current === undefined ? null : inStorage;
  return { tenant, key, date, published, quarantine: line ?? null, current: now, unchanged, place, repair, text };
}

async function save({ current }: InspectedMessage, path: string): Promise<void> {
  if (current === undefined)
    throw new InputError({ save: 'there is nothing to save: the message is gone from storage' });
  const { body, size } = current;
  if (body === undefined)
    throw new InputError({ save: `the message has ${size} bytes, more than are read: copy the object itself` });
  try {
    // Never over a file that is there: it may be a correction that took somebody an hour.
    await writeFile(path, body, { flag: 'wx' });
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    throw new InputError({
      save: code === 'EEXIST' ? `${path} is there already` : `${path} cannot be written (${code})`,
    });
  }
}
