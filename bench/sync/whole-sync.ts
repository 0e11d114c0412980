import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Teardown } from '../../local/cli/teardown';
import { Child } from '../harness/child';
import type { ApiAnswer, ApiInput } from './api-process';
import type { SyncAnswer, SyncInput } from './sync-process';

const API_KEY = 'a-key-that-the-stand-in-takes';

export interface WholeSyncOptions {
  readonly videos: number;
  readonly descriptionBytes: number;
  /** Settings of the app that lead to an empty database. */
  readonly database: Readonly<Record<'DB_HOST' | 'DB_PORT' | 'DB_NAME' | 'DB_USERNAME' | 'DB_PASSWORD', string>>;
  /** Options of Node for the process of the sync: limits of its memory. */
  readonly limits?: readonly string[];
  /** The folder of the programs, compiled; this module's own, if not given. */
  readonly programs?: string;
  readonly teardown: Teardown;
}

/**
 * One sync of a channel in a process of its own, the API's stand-in in another one.
 *
 * @throws Error where the process ends before the sync does, as it will where it may not have the memory that it wants
 */
export async function wholeSync(options: WholeSyncOptions): Promise<SyncAnswer> {
  const { videos, descriptionBytes, database, limits = [], programs = __dirname, teardown } = options;
  const folder = await mkdtemp(join(tmpdir(), 'makoto-bench-'));
  await teardown.add(() => rm(folder, { recursive: true, force: true }));
  const output = join(folder, 'output');
  await mkdir(output);

  const apiInput: ApiInput = { apiKey: API_KEY, videos, descriptionBytes };
  const api = new Child(join(programs, 'api-process'), apiInput);
  await teardown.add(() => api.end());
  const { url, channelId } = await api.answer<ApiAnswer>();

  const settings = {
    ...database,
    TENANT_ID: 'bench',
    YOUTUBE_CHANNEL_IDS: channelId,
    YOUTUBE_API_KEY: API_KEY,
    YOUTUBE_API_URL: url,
  };
  const input: SyncInput = { settings, output, temporaryFolder: folder };
  const sync = new Child(join(programs, 'sync-process'), input, limits);
  await teardown.add(() => sync.end());
  const answer = await sync.answer<SyncAnswer>();
  await sync.end();
  await api.end();
  return answer;
}
