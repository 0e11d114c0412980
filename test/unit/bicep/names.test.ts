import fc from 'fast-check';
import { evaluate } from './evaluate';
import { bicepFile, changed, type Project, readProject } from './project';
import { child, loadGrammar, members, type Node, nodesOfType, parts } from './syntax';

beforeAll(loadGrammar);

const project = readProject();

/** Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules; the scheduler's from its template reference. */
const RULES: Readonly<Record<string, RegExp>> = {
  identity: /^[a-z0-9][a-z0-9_-]{2,127}$/i,
  workspace: /^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$/i,
  applicationInsights: /^[^%&\\?/]{0,259}[^%&\\?/. ]$/,
  actionGroup: /^[^:<>+/&%\\?|]{0,259}[^:<>+/&%\\?|. ]$/,
  // What the name of the rule itself is added to; a rule's may have 260 characters.
  alerts: /^[^*<>%{}&:\\?+/#| ][^*<>%{}&:\\?+/#|]{0,229}$/,
  network: /^[a-z0-9][a-z0-9_.-]{0,62}[a-z0-9_]$/i,
  hostStorage: /^[a-z0-9]{3,24}$/,
  dataStorage: /^[a-z0-9]{3,24}$/,
  cosmos: /^[a-z0-9][a-z0-9-]{1,42}[a-z0-9]$/,
  postgres: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  vault: /^(?!.*--)[a-z][a-z0-9-]{1,22}[a-z0-9]$/i,
  scheduler: /^[a-z0-9-]{3,64}$/i,
  plan: /^[a-z0-9-]{1,40}$/i,
  app: /^[a-z0-9][a-z0-9-]{0,58}[a-z0-9]$/i,
};

/** The names of main.bicep, worked out for an environment and a token as uniqueString gives one. */
function names(of: Project, environmentName: string, token: string): Map<string, string> {
  const [definition] = bicepFile(of, 'functions/names.bicep').functions;
  const declared = bicepFile(of, 'main.bicep').variables.find(({ name }) => name === 'names')?.value;
  if (definition === undefined || declared === undefined) throw new Error('There are no names.');
  const parameters = nodesOfType(definition.node, 'parameter').map((node) => parts(node)[0]?.text ?? '');
  const body = parts(definition.node).at(-1) as Node;
  const outer = new Map([
    ['environmentName', environmentName],
    ['token', token],
  ]);
  return new Map(
    [...members(declared)].map(([key, call]) => {
      const given = parts(child(call, 'arguments') ?? call).map((each) => evaluate(each, outer));
      const scope = new Map(parameters.map((name, index) => [name, given[index] ?? '']));
      return [key, String(evaluate(body, scope))];
    }),
  );
}

/** As the Azure Developer CLI lets environments be called; main.bicep wants a letter at the start. */
const environments = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9()_.-]{1,63}$/);
const tokens = fc.stringMatching(/^[a-z2-7]{13}$/);

test('every name is one that its service takes, whatever the environment is called', () => {
  expect([...names(project, 'dev', 'abcdefghijklm').keys()].sort()).toEqual(Object.keys(RULES).sort());
  fc.assert(
    fc.property(environments, tokens, (environment, token) => {
      for (const [key, name] of names(project, environment, token)) {
        expect(name).toMatch(RULES[key] ?? /^$/);
        expect(name.endsWith(token)).toBe(true);
      }
    }),
  );
});

test('no two resources have one name', () => {
  const all = [...names(project, 'production', 'abcdefghijklm').values()];

  expect(new Set(all).size).toBe(all.length);
});

test.each([
  [
    'a name that is too long',
    'main.bicep',
    "resourceName('kv', '-', environmentName, token, 24)",
    "resourceName('kv', '-', environmentName, token, 30)",
  ],
  ['a separator that may not be there', 'main.bicep', "'std', ''", "'std', '-'"],
  ['a letter that may not be there', 'functions/names.bicep', "'_', ''", "'_', '_'"],
])('%s is found', (_, path, from, to) => {
  const all = names(changed(project, path, from, to), 'a_environment-of-mine', 'abcdefghijklm');

  expect([...all].some(([key, name]) => !RULES[key]?.test(name))).toBe(true);
});
