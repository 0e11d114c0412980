import { readText, section, sourcesIn, tableRows } from './documents';

/** Adapters for tests and tools on one machine: no run of the batch on Azure meets their failures. */
const NOT_DEPLOYED = 'shared/local/';

const NAME = "'([a-z]+(?:_[a-z]+)+)'";
const KIND = "'(transient|permanent|quota|configuration)'";

/** A source with the codes that classes hold as `static readonly code` in the places where they are used. */
function withCodes(path: string): string {
  const text = readText(path);
  const held = text.matchAll(new RegExp(`class (\\w+)[^{]*\\{\\s*static readonly code = ${NAME}`, 'g'));
  return [...held].reduce((all, [, name, code]) => all.replaceAll(`code: ${name}.code`, `code: '${code}'`), text);
}

/** `code kind` of every failure that the sources make: both always stand side by side. */
function failuresInSources(): Set<string> {
  const found = new Set<string>();
  for (const path of sourcesIn('shared', 'functions')) {
    if (path.startsWith(NOT_DEPLOYED)) continue;
    const text = withCodes(path);
    for (const [, code, kind] of text.matchAll(new RegExp(`\\bcode: ${NAME},\\s*kind: ${KIND}`, 'g')))
      found.add(`${code} ${kind}`);
    for (const [, kind, code] of text.matchAll(new RegExp(`\\bkind: ${KIND},\\s*code: ${NAME}`, 'g')))
      found.add(`${code} ${kind}`);
  }
  return found;
}

/** Every code that the sources name: where one is made, and in the types of the ports' errors. */
function codesInSources(): Set<string> {
  const found = new Set<string>();
  for (const path of sourcesIn('shared', 'functions')) {
    const text = readText(path);
    for (const [, code = ''] of text.matchAll(new RegExp(`\\bcode(?:: | = )${NAME}`, 'g'))) found.add(code);
    for (const [, union = ''] of text.matchAll(/^export type \w+ErrorCode =([^;]+);/gm))
      for (const [, code = ''] of union.matchAll(new RegExp(NAME, 'g'))) found.add(code);
  }
  return found;
}

function documented(): string[][] {
  return tableRows(section(readText('docs/operations.md'), '## Failures')).flatMap(([codes = '', kind = '']) =>
    [...codes.matchAll(/`([^`]+)`/g)].map(([, code = '']) => [code, kind]),
  );
}

const sorted = (texts: Iterable<string>) => [...texts].sort();

test('the failures that the operations page explains are those that there are, each with its kind', () => {
  const failures = failuresInSources();

  const explained = documented().map(([code, kind]) => `${code} ${kind}`);

  expect(failures.size).toBeGreaterThan(30);
  expect(sorted(explained)).toEqual(sorted(failures));
});

test('every code that there is stands beside its kind somewhere', () => {
  const withKind = new Set([...failuresInSources()].map((failure) => failure.split(' ')[0]));

  const withoutKind = [...codesInSources()].filter((code) => !withKind.has(code));

  expect(withoutKind).toEqual([]);
});
