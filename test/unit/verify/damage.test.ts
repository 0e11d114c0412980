import fc from 'fast-check';
import type { DatasetName } from '../../../shared/messages/datasets';
import { manifestText, type PartRef } from '../../../shared/messages/manifest';
import { manifestKey } from '../../../shared/messages/output-paths';
import type { MetadataItem } from '../../../shared/ports/metadata-store';
import { type ExportWorld, runDay, TENANT } from '../../support/export-world';
import {
  allParts,
  bytesOf,
  codesOf,
  DATE,
  kept,
  manifestOf,
  publishedWorld,
  putDay,
  recordOf,
  verify,
  write,
} from './verify-world';

// Whatever is damaged of a published day, verifying names it, and what it says to do mends it.

const OTHER_DATE = '2025-08-10';
const MANIFEST = manifestKey(TENANT, DATE);

let world: ExportWorld;
let record: MetadataItem;
/** The day as it was published. */
let restore: () => Promise<void>;

beforeAll(async () => {
  world = await publishedWorld();
  await putDay(world, '2025-08-10T03:00:00.000Z');
  await runDay(world.context(OTHER_DATE));
  restore = await kept(world);
  record = await recordOf(world);
});

/** Does what a verdict says, for the first of its errors. */
async function mend(todo: string): Promise<void> {
  const [, key] = /^Delete the object (\S+), then: /.exec(todo) ?? [];
  if (key !== undefined) await world.analytics.delete(key);
  expect(todo).toMatch(/makoto-batch run export --date 2025-08-11 --tenant acme( --force)?$/);
  await runDay(world.context(DATE), todo.endsWith('--force'));
}

function truncated(bytes: Uint8Array, share: number): Uint8Array {
  return bytes.slice(0, Math.floor(bytes.length * share));
}

function flipped(bytes: Uint8Array, share: number, bit: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = Math.floor(copy.length * share);
  copy[at] = (copy[at] ?? 0) ^ (1 << bit);
  return copy;
}

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const any = fc.nat();

const damages = fc.oneof(
  fc.record({ to: fc.constant('part' as const), how: fc.constant('truncate' as const), which: any, share }),
  fc.record({ to: fc.constant('part' as const), how: fc.constant('flip' as const), which: any, share, bit: fc.nat(7) }),
  fc.record({ to: fc.constant('part' as const), how: fc.constant('delete' as const), which: any }),
  fc.record({ to: fc.constant('part' as const), how: fc.constant('swap' as const), which: any, other: any }),
  fc.record({ to: fc.constant('part' as const), how: fc.constant('other day' as const), which: any }),
  fc.record({ to: fc.constant('manifest' as const), how: fc.constant('truncate' as const), share }),
  fc.record({ to: fc.constant('manifest' as const), how: fc.constant('flip' as const), share, bit: fc.nat(7) }),
  fc.record({ to: fc.constant('manifest' as const), how: fc.constant('delete' as const) }),
  fc.record({ to: fc.constant('manifest' as const), how: fc.constant('other day' as const) }),
  fc.record({ to: fc.constant('record' as const), how: fc.constant('field' as const), which: any }),
);

type Damage = typeof damages extends fc.Arbitrary<infer Each> ? Each : never;

const FIELDS = {
  status: 'failed',
  message_count: 25,
  output_path: 'elsewhere',
  manifest: 'none',
  manifest_sha256: '0'.repeat(64),
  time_zone: 'Asia/Seoul',
  proof: { listed: 1, outside: 0, exported: 1, duplicates: 0, quarantined: 0 },
  input_digest: '0'.repeat(64),
  notices: {},
  parts: 1,
  bytes: 1,
};

/** @returns what of the day is damaged, as findings name it */
async function apply(damage: Damage): Promise<string> {
  if (damage.to === 'record') {
    const names = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
    const name = names[damage.which % names.length] as keyof typeof FIELDS;
    await world.metadata.put({ ...record, [name]: FIELDS[name] });
    return name === 'manifest_sha256' ? MANIFEST : name;
  }
  if (damage.to === 'manifest') {
    const bytes = await bytesOf(world, MANIFEST);
    if (damage.how === 'delete') await world.analytics.delete(MANIFEST);
    else if (damage.how === 'truncate') await write(world, MANIFEST, truncated(bytes, damage.share));
    else if (damage.how === 'flip') await write(world, MANIFEST, flipped(bytes, damage.share, damage.bit));
    else await write(world, MANIFEST, await bytesOf(world, manifestKey(TENANT, OTHER_DATE)));
    return MANIFEST;
  }
  const parts = allParts(await manifestOf(world));
  const { key } = parts[damage.which % parts.length] as PartRef;
  const bytes = await bytesOf(world, key);
  if (damage.how === 'delete') await world.analytics.delete(key);
  else if (damage.how === 'truncate') await write(world, key, truncated(bytes, damage.share));
  else if (damage.how === 'flip') await write(world, key, flipped(bytes, damage.share, damage.bit));
  else if (damage.how === 'swap') {
    const others = parts.filter((part) => part.key !== key);
    const { key: other } = others[damage.other % others.length] as PartRef;
    await write(world, key, await bytesOf(world, other));
    await write(world, other, bytes);
  } else {
    const theirs = allParts(await manifestOf(world, OTHER_DATE));
    await write(world, key, await bytesOf(world, (theirs[damage.which % theirs.length] as PartRef).key));
  }
  return key;
}

test('any damage to a part, the manifest or the record is named, and mended by what is said to do', async () => {
  await fc.assert(
    fc.asyncProperty(damages, async (damage) => {
      // prepare
      await restore();
      const damaged = await apply(damage);

      // act
      const found = await verify(world);

      // assess
      expect(found.ok).toBe(false);
      expect(found.findings.map(({ what }) => what).join('\n')).toContain(damaged);
      await mend(found.findings[0]?.do ?? '');
      expect(await verify(world, true)).toMatchObject({ ok: true, findings: [] });
    }),
    { numRuns: 40 },
  );
});

type Datasets = Record<DatasetName, PartRef[]>;

describe('a manifest that was changed together with the record', () => {
  /** Publishes other parts than a run would, as somebody might who knows how. */
  async function publishes(change: (datasets: Datasets, theirs: Datasets) => void) {
    await restore();
    const manifest = structuredClone(await manifestOf(world));
    const { datasets: theirs } = structuredClone(await manifestOf(world, OTHER_DATE));
    change(manifest.datasets as Datasets, theirs as Datasets);
    await write(world, MANIFEST, Buffer.from(manifestText(manifest)));
    const { manifest_sha256: _digest, parts: _parts, bytes: _bytes, ...rest } = record;
    const parts = Object.values(manifest.datasets).flat();
    await world.metadata.put({
      ...rest,
      PK: record.PK,
      SK: record.SK,
      parts: parts.length,
      bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    });
  }

  test('rows of another day’s part are misplaced, and more than the proof has', async () => {
    await publishes((datasets, theirs) => datasets.messages.push(theirs.messages[0] as PartRef));

    const day = await verify(world);

    expect(codesOf(day)).toEqual(expect.arrayContaining(['part_misplaced', 'proof_broken']));
  });

  test('another day’s part at this day’s place has rows that no message gives, and lacks those that messages do', async () => {
    const folder = `${TENANT}/analytics/messages/year=2025/month=08/day=11/`;
    await publishes((datasets, theirs) => {
      const part = theirs.messages[0] as PartRef;
      const key = `${folder}${part.key.slice(part.key.lastIndexOf('/') + 1)}`;
      datasets.messages.splice(0, 1, { ...part, key });
    });
    const { datasets } = await manifestOf(world, OTHER_DATE);
    const [theirs] = datasets.messages;
    await write(
      world,
      `${folder}${theirs?.key.slice(theirs.key.lastIndexOf('/') + 1)}`,
      await bytesOf(world, theirs?.key ?? ''),
    );

    const [shallow, deep] = [await verify(world), await verify(world, true)];

    // By number, size and schema it is as good a part as any.
    expect(shallow.ok).toBe(true);
    expect(codesOf(deep)).toEqual(expect.arrayContaining(['row_missing', 'row_surplus']));
  });

  test('a part of another dataset has not its columns', async () => {
    await publishes((datasets) => {
      const rooms = datasets.rooms[0] as PartRef;
      datasets.users.splice(0, 1, { ...rooms, key: rooms.key.replace('/rooms/', '/users/') });
    });
    const { datasets } = await manifestOf(world);
    await write(world, datasets.users[0]?.key ?? '', await bytesOf(world, datasets.rooms[0]?.key ?? ''));

    const day = await verify(world);

    expect(codesOf(day)).toEqual(['part_unreadable', 'leftovers']);
    expect(day.findings[0]?.what).toMatch(/users.*columns: expected \d+, found \d+/);
  });

  test('a part that is named twice, and one that is of no shard, are named', async () => {
    await publishes((datasets) => {
      datasets.rooms.push(datasets.rooms[0] as PartRef);
      const users = datasets.users[0] as PartRef;
      datasets.users.splice(0, 1, { ...users, key: users.key.replace(/part-\d{5}/, 'part-00099') });
    });

    const day = await verify(world);

    const misplaced = day.findings.filter(({ code }) => code === 'part_misplaced').map(({ what }) => what);
    expect(misplaced).toEqual([expect.stringContaining('more than once'), expect.stringContaining('of no shard')]);
  });
});
