import { type Manifest, objectsOf, publishesTheSame } from '../../../shared/messages/manifest';
import { sampleManifest } from './samples';

const part = { key: 'other', rows: 3, bytes: 100, sha256: 'ab' };
const { datasets, proof, notices } = sampleManifest();

describe('two manifests', () => {
  const same: [string, Partial<Manifest>][] = [
    ['the plan', { plan: 'another plan' }],
    ['the shards’ papers', { shards: [{ shard: 7, plan: 'p', result: 'r' }] }],
    ['objects of neighbouring days', { proof: { ...proof, listed: 9, outside: 6 } }],
  ];

  test.each(same)('publish the same where only %s differ', (_what, differing) => {
    expect(publishesTheSame(sampleManifest(), sampleManifest(differing))).toBe(true);
  });

  const other: [string, Partial<Manifest>][] = [
    ['a part of messages', { datasets: { ...datasets, messages: [part] } }],
    ['the rows of a part', { datasets: { ...datasets, summary: [{ key: 's0', rows: 4, bytes: 100, sha256: 'ab' }] } }],
    ['a quarantine file', { quarantine: [] }],
    ['the number of messages', { proof: { ...proof, exported: 2 } }],
    ['the number of duplicates', { proof: { ...proof, duplicates: 2 } }],
    ['what was noticed', { notices: { ...notices, drift: { a: 2 } } }],
    ['the late messages', { notices: { ...notices, late: 1 } }],
    ['the input', { input_digest: 'ef' }],
    ['the zone', { time_zone: 'UTC' }],
    ['the day', { day: { start: 'a', end: 'b' } }],
    ['the contract', { contract_version: 2 }],
    ['the schema', { schema_version: 2 }],
    ['the encoder', { encoder: 'parquetjs-lite' }],
    ['the compression', { compression: 'SNAPPY' }],
    ['the layout', { layout: [''] }],
    ['the tenant', { tenant_id: 'other' }],
    ['the date', { business_date: '2025-08-12' }],
  ];

  test.each(other)('do not where %s differs', (_what, differing) => {
    expect(publishesTheSame(sampleManifest(), sampleManifest(differing))).toBe(false);
  });

  test('are compared as they are stored', () => {
    const stored = JSON.parse(JSON.stringify(sampleManifest())) as Manifest;

    expect(publishesTheSame(stored, sampleManifest())).toBe(true);
  });
});

test('a manifest keeps its parts, its quarantine files and its working papers alive', () => {
  const expected = ['m0', 'm1', 'r0', 'u0', 's0', 'q0', 'plan', 'plan-0', 'plan-1', 'result-0', 'result-1'];

  expect([...objectsOf(sampleManifest())].sort()).toEqual(expected.sort());
});
