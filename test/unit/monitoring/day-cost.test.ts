import { dayCost } from '../../../shared/operations/day-cost';
import { readText, section, tableRows } from '../docs/documents';

const monthly = (page: string, heading: string, row: string, column: number) => {
  const found = tableRows(section(readText(page), heading)).find(([name]) => name === row);
  return Number((found?.[column] ?? '').replaceAll(',', ''));
};

test.each([
  ['azure', 'docs/cost.md', '## What a month costs', 'Flex Consumption, on demand', 'storage requests', 'Cosmos DB'],
  ['aws', 'docs/aws.md', '### What a month costs', 'Lambda', 'S3', 'DynamoDB'],
] as const)(
  'thirty days cost what the page says of a month, but for what stands ready: %s',
  (cloud, page, heading, compute, storage, metadata) => {
    const { usd, parts } = dayCost(cloud, { messages: 1_000_000 });

    const month = (row: string) => monthly(page, heading, row, 3);
    expect(30 * parts.compute).toBeCloseTo(month(compute), 1);
    expect(30 * parts.storage).toBeCloseTo(month(storage), 0);
    expect(30 * parts.metadata).toBeCloseTo(month(metadata), 1);
    expect(usd).toBeCloseTo(parts.compute + parts.storage + parts.metadata, 12);
  },
);

test('a day costs more with more messages, with more rooms, and with more rooms known', () => {
  const cost = (rooms: number, knownRooms: number, messages = 1000) =>
    dayCost('azure', { messages, rooms, knownRooms });

  expect(cost(100, 500, 2000).usd).toBeGreaterThan(cost(100, 500).usd);
  expect(cost(200, 500).parts.storage).toBeGreaterThan(cost(100, 500).parts.storage);
  expect(cost(100, 1000).parts.metadata).toBeGreaterThan(cost(100, 500).parts.metadata);
  expect(cost(200, 500).requests - cost(100, 500).requests).toBe(100);
});

test('a day without messages costs next to nothing, and not less', () => {
  const { usd, seconds } = dayCost('aws', { messages: 0 });

  expect(usd).toBeGreaterThan(0);
  expect(usd).toBeLessThan(0.001);
  expect(seconds).toBeLessThan(2);
});
