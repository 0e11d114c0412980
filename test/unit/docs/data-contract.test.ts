import { MAX_MESSAGE_BYTES } from '../../../shared/messages/contract';
import { DATASET_NAMES } from '../../../shared/messages/datasets';
import { messagesPrefix, timeOfName } from '../../../shared/messages/message-key';
import {
  manifestKey,
  monthManifestKey,
  monthPartKey,
  partKey,
  planFolder,
  quarantineKey,
  repairKey,
} from '../../../shared/messages/output-paths';
import { QUARANTINE_REASONS } from '../../../shared/messages/quarantine-reason';
import { codeBlocks, readText, section, tableRows } from './documents';

const page = readText('docs/data-contract.md');

test('the reasons for quarantine are those that there are', () => {
  const rows = tableRows(section(page, '## What becomes of an object'));

  expect(rows.map(([reason]) => reason)).toEqual(QUARANTINE_REASONS.map((reason) => `\`${reason}\``));
  expect(MAX_MESSAGE_BYTES).toBe(1024 * 1024);
});

test('the key of a message is one that the batch reads', () => {
  const folder = messagesPrefix('{tenant}', { user: '{user}', room: '{room}' });
  const [template] = codeBlocks(section(page, '## What is read'));

  const key = (template?.content ?? '').trim();

  expect(key.slice(0, key.lastIndexOf('/') + 1)).toBe(`${folder}yyyy/mm/dd/`);
  expect(timeOfName(key.slice(key.lastIndexOf('/') + 1).replace('hh-mm-ss.sssZ', '03-04-05.678Z'))).toBe(
    Date.parse('1970-01-01T03:04:05.678Z'),
  );
});

test('output is written where the page says', () => {
  const [tenant, date, digest] = ['{tenant}', '2025-08-11', '0123456789abcdef'.repeat(4)] as const;
  const folders = DATASET_NAMES.map((dataset) => partKey(tenant, dataset, date, 0, digest));
  const expected = [
    ...folders.map((key, index) => (index === 0 ? key : `${key.slice(0, key.indexOf('year='))}…`)),
    manifestKey(tenant, date),
    quarantineKey(tenant, date, 0, digest),
    repairKey(tenant, date, digest),
    `${planFolder(tenant, date)}…`,
    monthPartKey(tenant, 'messages', '2025-08', 0, digest),
    monthManifestKey(tenant, '2025-08'),
  ];

  const [paths] = codeBlocks(section(page, '## What is written'));

  expect(paths?.content.trim().split('\n')).toEqual(expected);
});
