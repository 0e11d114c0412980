import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { etagOf, stamp } from '../../../shared/local/file-version';
import { toFolderError } from '../../../shared/local/folder-errors';
import { createFolderObjectStore } from '../../../shared/local/folder-object-store';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { expectFailure } from '../../contract/object-store-contract';

const TEXT = { contentType: 'text/plain' };

describe('a folder as an object store, as a folder', () => {
  let outside: string;
  let folder: string;
  let store: ObjectStore;

  beforeEach(async () => {
    outside = await mkdtemp(join(tmpdir(), 'makoto-folder-'));
    folder = join(outside, 'container');
    await mkdir(folder);
    store = createFolderObjectStore({ folder });
  });

  afterEach(() => rm(outside, { recursive: true }));

  const keys = async () => (await store.list('')).entries.map(({ key }) => key);

  test('has files with natural names, and nothing else', async () => {
    await store.write('acme/analytics/year=2025/part-00000.parquet', Buffer.from('PAR1'), TEXT);

    expect(await readFile(join(folder, 'acme/analytics/year=2025/part-00000.parquet'), 'utf8')).toBe('PAR1');
    expect(await readdir(join(folder, 'acme/analytics/year=2025'))).toEqual(['part-00000.parquet']);
  });

  test('shows files that somebody else put there', async () => {
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', 'b.json'), '{}');

    expect(await keys()).toEqual(['a/b.json']);
    expect(Buffer.from((await store.read('a/b.json')).body).toString()).toBe('{}');
  });

  test('sees an edit by somebody else as another version', async () => {
    const { etag } = await store.write('x', Buffer.from('before'), TEXT);

    await writeFile(join(folder, 'x'), 'after!');

    expect((await store.head('x'))?.etag).not.toBe(etag);
    await expectFailure(store.read('x', { ifMatch: etag }), 'precondition_failed', 'permanent');
  });

  test('names a file that no key leads to', async () => {
    await writeFile(join(folder, '100%.txt'), 'x');

    const error = await expectFailure(store.list(''), 'storage_request_invalid', 'permanent');

    expect(error.message).toContain('100%.txt');
  });

  test('does not show what an interrupted write left behind', async () => {
    await store.write('a/x', Buffer.from('1'), TEXT);
    await writeFile(join(folder, 'a', '%writing-interrupted'), 'half of it');

    expect(await keys()).toEqual(['a/x']);
    await store.delete('a/x');
    expect((await store.listPrefixes('')).prefixes).toEqual([]);
  });

  test('leaves nothing behind where a write fails', async () => {
    const { etag } = await store.write('a/x', Buffer.from('1'), TEXT);
    const body = { size: 5, open: () => Readable.from([], { objectMode: false }) };

    await store.write('a/x', Buffer.from('2'), { ...TEXT, onlyIf: 'absent' }).catch(() => undefined);
    await store.write('a/x', Buffer.from('2'), { ...TEXT, onlyIf: { etag: 'no' } }).catch(() => undefined);
    await store.write('a/x', body, TEXT).catch(() => undefined);

    expect(await readdir(join(folder, 'a'))).toEqual(['x']);
    expect((await store.head('a/x'))?.etag).toBe(etag);
  });

  test('a key cannot be a file and a folder, and the error says so', async () => {
    await store.write('a/b', Buffer.from('1'), TEXT);

    for (const key of ['a', 'a/b/c']) {
      const error = await expectFailure(
        store.write(key, Buffer.from('2'), TEXT),
        'storage_request_invalid',
        'permanent',
      );
      expect(error.message).toContain('the beginning of other keys');
    }
    expect(await store.head('a')).toBeUndefined();
    expect(await store.head('a/b/c')).toBeUndefined();
    await expectFailure(store.read('a'), 'object_not_found', 'permanent');
    await expectFailure(store.read('a/b/c'), 'object_not_found', 'permanent');
  });

  test('no link leads out of the folder', async () => {
    await mkdir(join(outside, 'secrets'));
    await writeFile(join(outside, 'secrets', 'key'), 'secret');
    await symlink(join(outside, 'secrets'), join(folder, 'link'));
    await symlink(join(outside, 'secrets', 'key'), join(folder, 'file'));

    expect(await keys()).toEqual([]);
    expect((await store.listPrefixes('')).prefixes).toEqual([]);
    await expectFailure(store.read('file'), 'object_not_found', 'permanent');
    expect(await store.head('file')).toBeUndefined();
    for (const call of [
      () => store.read('link/key'),
      () => store.head('link/key'),
      () => store.list('link/'),
      () => store.delete('link/key'),
      () => store.write('link/new', Buffer.from('1'), TEXT),
      () => store.write('link/deeper/new', Buffer.from('1'), TEXT),
    ]) {
      await expectFailure(call(), 'storage_request_invalid', 'permanent');
    }
    expect(await readdir(join(outside, 'secrets'))).toEqual(['key']);
  });

  test('a write over a link replaces the link, not what it leads to', async () => {
    await writeFile(join(outside, 'target'), 'untouched');
    await symlink(join(outside, 'target'), join(folder, 'x'));

    await store.write('x', Buffer.from('mine'), TEXT);

    expect(await readFile(join(outside, 'target'), 'utf8')).toBe('untouched');
    expect(await keys()).toEqual(['x']);
  });

  test('lists in the order of the keys, whatever stands before and after a slash', async () => {
    for (const key of ['a/b', 'a.b', 'a-b', 'a0', 'ab/c']) {
      await store.write(key, Buffer.from('1'), TEXT);
    }
    const small = createFolderObjectStore({ folder, listPageSize: 1 });

    const listed: string[] = [];
    let continuation: string | undefined;
    do {
      const page = await small.list('', continuation);
      listed.push(...page.entries.map(({ key }) => key));
      continuation = page.next;
    } while (continuation !== undefined);

    expect(listed).toEqual(['a-b', 'a.b', 'a/b', 'a0', 'ab/c']);
  });

  test('writes and deletes that meet in one folder do not disturb each other', async () => {
    const rounds = Array.from({ length: 40 }, async (_, i) => {
      await store.write(`deep/er/${i}`, Buffer.from('1'), TEXT);
      await store.delete(`deep/er/${i}`);
    });

    await Promise.all(rounds);

    expect(await readdir(folder)).toEqual([]);
  });
});

test('no two writes of a process leave the same time on a file, however close they are', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'makoto-stamps-'));
  const file = await open(join(folder, 'x'), 'w');

  const etags: string[] = [];
  for (let i = 0; i < 500; i++) {
    await stamp(file);
    etags.push(etagOf(await file.stat({ bigint: true })));
  }

  await file.close();
  await rm(folder, { recursive: true });
  expect(new Set(etags).size).toBe(500);
});

describe('failures of the file system', () => {
  test.each([
    ['EACCES', 'access_denied', 'configuration'],
    ['EROFS', 'access_denied', 'configuration'],
    ['ENOSPC', 'storage_unavailable', 'configuration'],
    ['EMFILE', 'storage_unavailable', 'transient'],
    ['ENOTDIR', 'storage_request_invalid', 'permanent'],
    ['EWHATEVER', 'storage_request_invalid', 'permanent'],
  ])('%s is %s, %s', (code, expected, kind) => {
    const error = toFolderError(Object.assign(new Error(`${code}: no`), { code }), 'Writing "x"', '/data');

    expect(error).toMatchObject({ code: expected, kind });
    expect(error.message).toContain(`Writing "x" in /data failed: ${code}`);
  });
});
