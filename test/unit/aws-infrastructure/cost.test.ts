import { readText, section, tableRows } from '../docs/documents';
import { awsCosts } from './cost-model';
import { Deployment, EXPORT_ALONE, readTemplate } from './template';

const page = readText('docs/aws.md');
const SIZES = [1_000, 100_000, 1_000_000];

const rowsOf = (heading: string) => tableRows(section(page, heading));
const given = Object.fromEntries(
  [...rowsOf('### What is measured and assumed'), ...rowsOf('### Prices')].map(([name = '', value = '']) => [
    name.replaceAll('`', ''),
    Number(value),
  ]),
);

/** As the page writes a figure. */
function shown(value: number): string {
  const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 0.1 ? 2 : 3;
  return value.toFixed(digits).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

test('every figure of the page is what the model makes of its variables', () => {
  const results = SIZES.map((messages) => awsCosts(messages, given));
  const names = Object.keys(results[0] ?? {});

  const rows = rowsOf('### What a month costs');

  expect(rows).toEqual(names.map((name) => [name, ...results.map((each) => shown(each[name] ?? Number.NaN))]));
});

test('every variable is a number, says where it is from, and is used', () => {
  const rows = [...rowsOf('### What is measured and assumed'), ...rowsOf('### Prices')];
  const costsOf = (variables: Record<string, number>) => SIZES.map((messages) => awsCosts(messages, variables));
  const unused = Object.keys(given).filter((name) => {
    const other = costsOf({ ...given, [name]: (given[name] ?? 0) * 1.5 + 1 });
    return JSON.stringify(other) === JSON.stringify(costsOf(given));
  });

  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter(([, value = '', , source = '']) => !/^\d[\d.]*$/.test(value) || source === '')).toEqual([]);
  expect(unused).toEqual([]);
});

test('what the page says of the template is so', () => {
  const template = readTemplate();
  const alarms = [...new Deployment(template, EXPORT_ALONE).resources('AWS::CloudWatch::Alarm').values()];

  expect(given.memory_mb).toBe(template.Parameters.MemorySize?.Default);
  expect(given.alarm_metrics).toBe(alarms.length);
});
