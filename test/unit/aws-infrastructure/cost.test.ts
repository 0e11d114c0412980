import { AWS_ASSUMPTIONS, AWS_PRICES, type AwsValues } from '../../../shared/operations/aws-cost';
import { valuesOf } from '../../../shared/operations/cost-model';
import { figureRows, stated, statedVariables, unusedIn } from '../docs/cost-page';
import { readText, section, tableRows } from '../docs/documents';
import { awsCosts } from './cost-model';
import { Deployment, EXPORT_ALONE, readTemplate } from './template';

const page = readText('docs/aws.md');
const SIZES = [1_000, 100_000, 1_000_000];
const given = valuesOf({ ...AWS_ASSUMPTIONS, ...AWS_PRICES });

test.each([
  ['### What is measured and assumed', AWS_ASSUMPTIONS],
  ['### Prices', AWS_PRICES],
])('the variables of the page are those of the model: %s', (heading, variables) => {
  const onPage = statedVariables(page, heading);

  const values = Object.fromEntries(onPage.map(({ name, value, unit }) => [name, { value: Number(value), unit }]));
  expect(values).toEqual(stated(variables));
  expect(onPage.filter(({ source }) => source === '')).toEqual([]);
});

test('every figure of the page is what the model makes of its variables', () => {
  const rows = tableRows(section(page, '### What a month costs'));

  expect(rows).toEqual(figureRows(SIZES, (messages) => awsCosts(messages, given)));
});

test('every variable is used', () => {
  const figures = (values: AwsValues) => SIZES.map((messages) => awsCosts(messages, values));

  expect(unusedIn(given, figures)).toEqual([]);
});

test('what the page says of the template is so', () => {
  const template = readTemplate();
  const alarms = [...new Deployment(template, EXPORT_ALONE).resources('AWS::CloudWatch::Alarm').values()];

  expect(given.memory_mb).toBe(template.Parameters.MemorySize?.Default);
  expect(given.alarm_metrics).toBe(alarms.length);
});
