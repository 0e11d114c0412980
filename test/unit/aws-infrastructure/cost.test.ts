import { AWS_ASSUMPTIONS, AWS_PRICES } from '../../../shared/operations/aws-cost';
import { valuesOf } from '../../../shared/operations/cost-model';
import { testCostPage } from '../docs/cost-page';
import { awsCosts } from './cost-model';
import { Deployment, EXPORT_ALONE, readTemplate } from './template';

const SIZES = [1_000, 100_000, 1_000_000];
const given = valuesOf({ ...AWS_ASSUMPTIONS, ...AWS_PRICES });

testCostPage({
  document: 'docs/aws.md',
  level: '###',
  assumptions: AWS_ASSUMPTIONS,
  prices: AWS_PRICES,
  sizes: SIZES,
  costs: awsCosts,
});

test('what the page says of the template is so', () => {
  const template = readTemplate();
  const alarms = [...new Deployment(template, EXPORT_ALONE).resources('AWS::CloudWatch::Alarm').values()];

  expect(given.memory_mb).toBe(template.Parameters.MemorySize?.Default);
  expect(given.alarm_metrics).toBe(alarms.length);
});
