import { join } from 'node:path';
import type { Teardown } from '../../local/cli/teardown';
import type { CorpusShape } from '../blob-server/corpus';
import { messagesOfDay } from '../blob-server/corpus-shape';
import { Child } from '../harness/child';
import type { ExportAnswer, ExportInput } from './export-process';

export interface WholeExportOptions {
  /** A storage account that holds the corpus, and no output of it. */
  readonly connectionString: string;
  readonly corpus: CorpusShape;
  /** Settings of the app that are not to be as they are by default. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Options of Node for the process: limits of its memory. */
  readonly limits?: readonly string[];
  /** The folder of the program, compiled; this module's own, if not given. */
  readonly programs?: string;
  readonly teardown: Teardown;
}

/**
 * The export of a corpus's day in a process of its own.
 *
 * @throws Error where it does not come to every message of the day, or the process ends before, as it will where it may not have the memory
 * that it wants
 */
export async function wholeExport(options: WholeExportOptions): Promise<ExportAnswer> {
  const { connectionString, corpus, settings = {}, limits = [], programs = __dirname, teardown } = options;
  const input: ExportInput = { settings: { AZURE_STORAGE_CONNECTION_STRING: connectionString, ...settings }, corpus };
  const child = new Child(join(programs, 'export-process.js'), input, limits);
  await teardown.add(() => child.end());
  const answer = await child.answer<ExportAnswer>();
  await child.end();
  const { status, exported, failure = '' } = answer;
  if (status !== 'completed' || exported !== messagesOfDay(corpus)) {
    throw new Error(`The export is ${status} with ${exported} of ${messagesOfDay(corpus)} messages. ${failure}`);
  }
  return answer;
}
