import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installedPostgres, type PostgresPackage, postgresBinaries } from '../../../local/services/postgres-binaries';
import { privateFolder } from '../../../local/services/private-folder';
import { canReach } from '../../../local/services/server-account';

/** An account that is neither root's nor the one that runs the tests. */
const OTHER = { uid: 65533, gid: 65533 };

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-postgres-test-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the programs of PostgreSQL', () => {
  let locked: PostgresPackage;
  let home: string;

  beforeAll(async () => {
    const installed = await installedPostgres();
    home = await mkdtemp(join(tmpdir(), 'makoto-postgres-test-'));
    await chmod(home, 0o700);
    await cp(installed.root, join(home, 'package'), { recursive: true, verbatimSymlinks: true });
    locked = { ...installed, root: join(home, 'package') };
  });

  afterAll(() => rm(home, { recursive: true, force: true }));

  test('are used where they are installed, by an account that can reach them', async () => {
    const { initdb, postgres } = await postgresBinaries(locked, undefined, { folder, making: 'making' });

    expect([initdb, postgres]).toEqual(['initdb', 'postgres'].map((name) => join(locked.root, 'native', 'bin', name)));
    expect(await readdir(folder)).toEqual([]);
  });

  test('are copied for an account that cannot, once, and again where the copy is not whole', async () => {
    await chmod(folder, 0o755);
    await chmod(join(locked.root, 'native', 'bin', 'postgres'), 0o700);
    const place = { folder, making: 'making' };

    const { postgres } = await postgresBinaries(locked, OTHER, place);
    const { ino, mode } = await stat(postgres);
    const second = await postgresBinaries(locked, OTHER, place);
    const { ino: secondIno } = await stat(second.postgres);
    await rm(join(folder, `postgresql-${locked.version}`, 'share', 'postgresql', 'postgres.bki'));
    const third = await postgresBinaries(locked, OTHER, place);

    const { stdout } = await promisify(execFile)(third.postgres, ['--version']);
    expect(stdout).toContain(`(PostgreSQL) ${locked.version.split('.')[0]}.`);
    expect(mode & 0o777).toBe(0o755);
    expect(secondIno).toBe(ino);
    expect(await readdir(folder)).toEqual([`postgresql-${locked.version}`]);
    expect(await canReach(third.postgres, OTHER)).toBe(true);
  });
});

test('an account can reach what all folders on the way let it pass to', async () => {
  await mkdir(join(folder, 'a', 'b'), { recursive: true });
  await chmod(folder, 0o711);

  const open = await canReach(join(folder, 'a', 'b'), OTHER);
  await chmod(folder, 0o700);
  const closed = await canReach(join(folder, 'a', 'b'), OTHER);

  expect([open, closed, await canReach(join(folder, 'a', 'b'), undefined)]).toEqual([true, false, true]);
});

describe('the folder for temporary files', () => {
  test('is made for its user alone', async () => {
    const made = await privateFolder(undefined, folder);

    expect((await stat(made)).mode & 0o777).toBe(0o700);
    expect(await privateFolder(undefined, folder)).toBe(made);
  });

  test('is not used where others may have put something in it', async () => {
    const made = await privateFolder(undefined, folder);
    await chmod(made, 0o777);

    await expect(privateFolder(undefined, folder)).rejects.toThrow(
      `${made} belongs to another user, or others may write to it`,
    );
    await rm(made, { recursive: true });
    await mkdir(join(folder, 'elsewhere'));
    await symlink(join(folder, 'elsewhere'), made);
    await expect(privateFolder(undefined, folder)).rejects.toThrow(
      `${made} belongs to another user, or others may write to it`,
    );
  });

  test('is not made where others could put another in its place', async () => {
    await chmod(folder, 0o777);

    const made = await privateFolder(undefined, folder);

    expect(made.startsWith(folder)).toBe(false);
  });

  test('is made where the account can reach it', async () => {
    await chmod(folder, 0o700);

    const made = await privateFolder(OTHER, folder);

    expect(made.startsWith(folder)).toBe(false);
    expect(await canReach(made, OTHER)).toBe(true);
  });
});
