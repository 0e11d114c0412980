import { CHECKS } from '../../../shared/operations/doctor/check';
import { FINDINGS } from '../../../shared/operations/verify/findings';
import { readText, section, tableRows } from './documents';

const rowsOf = (heading: string) =>
  tableRows(section(readText('docs/operations.md'), heading)).map(([name = '', ...cells]) => [
    name.replaceAll('`', ''),
    ...cells,
  ]);

test('the page lists the findings of verify, each with its severity', () => {
  const documented = rowsOf('## Verify').map(([code, severity]) => [code, severity]);

  expect(documented).toEqual(Object.entries(FINDINGS));
});

test('the page lists the checks of doctor, in their order', () => {
  expect(rowsOf('## Doctor').map(([name]) => name)).toEqual([...CHECKS]);
});
