import { loadSettings, settingsTable } from '../../../shared/settings';
import { readJson, readText, section, tableRows } from './documents';

/** Settings that the Functions runtime itself reads. */
const OF_THE_RUNTIME = ['FUNCTIONS_WORKER_RUNTIME', 'AzureWebJobsStorage'];

const template = readJson<{ IsEncrypted: boolean; Values: Record<string, string> }>('local.settings.template.json');

test("the README's table of settings is what the settings are", () => {
  const expected = settingsTable.map(({ name, default: value, meaning }) => {
    const shown = value === undefined ? '–' : `\`${value}\``;
    return [`\`${name}\``, shown, meaning];
  });

  const rows = tableRows(section(readText('README.md'), '## Configure'));

  expect(rows).toEqual(expected);
});

test('the template names settings that there are, and those of the runtime', () => {
  const known = new Set<string>([...OF_THE_RUNTIME, ...settingsTable.map(({ name }) => name)]);

  const unknown = Object.keys(template.Values).filter((name) => !known.has(name));

  expect(unknown).toEqual([]);
  expect(template).toMatchObject({ IsEncrypted: false, Values: { FUNCTIONS_WORKER_RUNTIME: 'node' } });
});

test('the template is complete but for the address of the metadata', () => {
  const COSMOS_ENDPOINT = 'https://example.documents.azure.com:443';

  expect(() => loadSettings(template.Values)).toThrow(/^One setting is wrong:\n {2}- COSMOS_ENDPOINT: is required/);
  expect(() => loadSettings({ ...template.Values, COSMOS_ENDPOINT })).not.toThrow();
});
