import fc from 'fast-check';
import { DATASET_NAMES } from '../../../shared/messages/datasets';
import {
  analyticsRoot,
  datasetFolder,
  manifestKey,
  paperKey,
  partKey,
  planFolder,
  quarantineFolder,
  quarantineKey,
} from '../../../shared/messages/output-paths';

const tenants = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9_-]{0,20}[A-Za-z0-9])?$/);
const dates = fc
  .date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const datasets = fc.constantFrom(...DATASET_NAMES);
const shards = fc.integer({ min: 0, max: 200_000 });
const digests = fc.stringMatching(/^[0-9a-f]{64}$/);
const kinds = fc.constantFrom<('plan' | 'shard' | 'result' | 'late')[]>('plan', 'shard', 'result', 'late');

/** One output object of a tenant's day. */
const outputs = fc.record({
  tenant: tenants,
  date: dates,
  dataset: datasets,
  shard: shards,
  sha256: digests,
  kind: kinds,
});

describe('output', () => {
  test('lies where the layout says', () => {
    const sha256 = `0123456789abcdef${'f'.repeat(48)}`;

    expect(partKey('acme', 'messages', '2025-08-11', 0, sha256)).toBe(
      'acme/analytics/messages/year=2025/month=08/day=11/part-00000-0123456789abcdef.parquet',
    );
    expect(quarantineKey('acme', '2025-08-11', 12, sha256)).toBe(
      'acme/analytics/_quarantine/2025-08-11/part-00012-0123456789abcdef.jsonl',
    );
    expect(manifestKey('acme', '2025-08-11')).toBe('acme/analytics/_manifests/2025-08-11.json');
    expect(paperKey('acme', '2025-08-11', 'shard', 3, sha256)).toBe(
      'acme/analytics/_plans/2025-08-11/shard-00003-0123456789abcdef.json',
    );
  });

  test('lies in its own folder, below the tenant’s', () => {
    fc.assert(
      fc.property(outputs, ({ tenant, date, dataset, shard, sha256, kind }) => {
        const placed = [
          [partKey(tenant, dataset, date, shard, sha256), datasetFolder(tenant, dataset, date)],
          [quarantineKey(tenant, date, shard, sha256), quarantineFolder(tenant, date)],
          [paperKey(tenant, date, kind, shard, sha256), planFolder(tenant, date)],
        ] as const;

        for (const [key, folder] of placed) {
          expect(folder.startsWith(analyticsRoot(tenant))).toBe(true);
          expect(folder.endsWith('/')).toBe(true);
          expect(key.startsWith(folder)).toBe(true);
          expect(key.slice(folder.length)).not.toContain('/');
        }
      }),
    );
  });

  test('of different tenants, days, datasets, shards or contents is never in one place', () => {
    fc.assert(
      fc.property(outputs, outputs, (a, b) => {
        const key = ({ tenant, dataset, date, shard, sha256 }: typeof a) =>
          partKey(tenant, dataset, date, shard, sha256);
        for (const name of ['tenant', 'dataset', 'date', 'shard', 'sha256'] as const) {
          const other = { ...a, [name]: b[name] };

          const alike = name === 'sha256' ? a.sha256.slice(0, 16) === b.sha256.slice(0, 16) : a[name] === b[name];
          expect(key(a) === key(other)).toBe(alike);
        }
      }),
    );
  });

  test('of a day’s parts stands in the order of their shards', () => {
    const known = fc.integer({ min: 0, max: 99_999 });
    fc.assert(
      fc.property(outputs, known, known, ({ tenant, dataset, date, sha256 }, a, b) => {
        const [first, second] = [a, b].map((shard) => partKey(tenant, dataset, date, shard, sha256));

        expect(Math.sign((first ?? '').localeCompare(second ?? '', 'en'))).toBe(Math.sign(a - b));
      }),
    );
  });
});
