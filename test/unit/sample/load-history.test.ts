import { loadSampleHistory } from '../../../local/sample/load-history';
import { batchPartition } from '../../../shared/history/keys';
import { readDays } from '../../../shared/history/read-days';
import { readRuns } from '../../../shared/history/read-runs';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';

const DATES = { 'hinata-books': '2025-08-11', 'hudson-kitchen': '2025-08-10', 'minato-travel': '2025-08-11' };
const options = { dates: DATES, nowMs: Date.parse('2025-08-12T03:00:00Z') };
const ALL = { from: '2000-01-01', to: '2030-01-01' };

test('gives each tenant a past that ends before its own day of the sample', async () => {
  const metadata = new MemoryMetadataStore();

  await loadSampleHistory({ metadata, ...options });

  for (const [tenant, date] of Object.entries(DATES)) {
    const { days, unreadable } = await readDays(metadata, tenant, ALL);
    expect(unreadable).toEqual([]);
    expect(days.length).toBeGreaterThan(35);
    expect(days.filter((day) => day.date >= date)).toEqual([]);
  }
  expect((await readRuns(metadata)).runs.length).toBeGreaterThan(35);
});

test('leaves alone what is there, so that doing it again writes nothing', async () => {
  const metadata = new MemoryMetadataStore();
  const real = { PK: batchPartition('hinata-books'), SK: 'DAILY#2025-08-01', mine: true };
  await metadata.put(real);

  await loadSampleHistory({ metadata, ...options });
  const again = await loadSampleHistory({ metadata, ...options });

  expect(again).toBe(0);
  expect((await metadata.get(real.PK, real.SK))?.item).toEqual(real);
});
