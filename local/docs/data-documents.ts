import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SCHEMA_VERSION } from '../../shared/messages/datasets';
import { CURRENT_DATASETS, HISTORY_FILE } from './current-schema';
import { dataPage } from './data-page';
import { type SchemaHistory, schemaProblems, versionOf } from './schema-history';

/** The page for who queries the data. */
export const DATA_PAGE = 'docs/data.md';

/**
 * Brings what is written from the schema up to date: the history gets a version that it does not have yet, and the page its tables. A
 * version that is in the history stays as it is.
 *
 * @param root the project's folder
 * @throws Error where the datasets break a rule of the schema: nothing is written then
 */
export async function writeDataDocuments(root: string): Promise<void> {
  const [historyFile, page] = [join(root, HISTORY_FILE), join(root, DATA_PAGE)];
  const known = JSON.parse(await readFile(historyFile, 'utf8')) as SchemaHistory;
  const history: SchemaHistory = { [SCHEMA_VERSION]: versionOf(CURRENT_DATASETS), ...known };
  const problems = schemaProblems(history, SCHEMA_VERSION, CURRENT_DATASETS);
  if (problems.length > 0) throw new Error(`The schema cannot be changed like this:\n${problems.join('\n')}`);
  await writeFile(historyFile, `${JSON.stringify(history, undefined, 2)}\n`);
  await writeFile(page, dataPage(await readFile(page, 'utf8')));
}
