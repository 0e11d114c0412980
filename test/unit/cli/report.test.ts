import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliWorld } from './cli-world';

let folder: string;
let world: CliWorld;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-report-'));
  world = new CliWorld();
  await world.metadata.put({ PK: 'SYSTEM#TENANTS', SK: 'TENANT#hinata-books', tenant_id: 'hinata-books' });
  await world.metadata.put({
    ...{ PK: 'TENANT#hinata-books#BATCH', SK: 'DAILY#2025-08-11', status: 'completed', message_count: 1_234 },
    ...{ output_path: 'hinata-books/analytics/messages/', processed_at: '2025-08-11T17:05:00.000Z' },
  });
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('makoto-batch report writes the page of the last days as one file', async () => {
  const file = join(folder, 'report.html');

  const { code, stdout } = await world.run(['report', '--html', file, '--days', '7', '--lang', 'ja', '--json']);

  const text = await readFile(file, 'utf8');
  expect(code).toBe(0);
  expect(stdout.lastJson).toEqual({ file, days: 7, bytes: Buffer.byteLength(text) });
  expect(text).toMatch(/^<!doctype html>\n<html lang="ja">/);
  expect(text).toContain('1,234');
});

test('- is standard output, with nothing else on it', async () => {
  const { code, stdout } = await world.run(['report', '--html', '-', '--tenant', 'hinata-books']);

  expect(code).toBe(0);
  expect(stdout.text).toMatch(/^<!doctype html>.*<\/html>$/s);
});

test.each([
  [['--html', join('no', 'such', 'folder', 'report.html')], 'expected a file that can be written'],
  [['--html', '-', '--days', '0'], 'Expected a whole number from 1 to 366'],
  [['--html', '-', '--lang', 'fr'], 'Allowed choices are en, ja'],
  [[], 'required option'],
])('with %j it ends with 2 and says what is wrong', async (args, said) => {
  const { code, stderr } = await world.run(['report', ...args]);

  expect([code, stderr.text]).toEqual([2, expect.stringContaining(said)]);
});

test('a tenant that is not there is a failure that names it', async () => {
  const { code, stderr } = await world.run(['report', '--html', '-', '--tenant', 'nobody']);

  expect([code, stderr.text]).toEqual([1, expect.stringContaining('There is no tenant "nobody" to report on')]);
});
