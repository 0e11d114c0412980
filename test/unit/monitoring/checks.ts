import { type Emitted, namesOf, OF_DURABLE_FUNCTIONS } from './emitted';
import { analyse, type Compared, type Dimension } from './kusto';

/** The role that all telemetry of the batch has: in both clouds, of the host and of the app. */
const ROLE = /\bcloud_RoleName == (?:'makoto-daily-batch'|roleName\b)/;

/** What is wrong with a query by itself: its syntax, its columns, and whether it looks at the batch alone. */
export function queryProblems(text: string): string[] {
  const { problems, tables } = analyse(text);
  const role = /^let roleName = '([^']*)';$/m.exec(text)?.[1] ?? 'makoto-daily-batch';
  return [
    ...problems,
    ...(tables.size > 0 ? [] : ['It reads no table']),
    ...(ROLE.test(text) ? [] : ['It does not ask for the role']),
    ...(role === 'makoto-daily-batch' ? [] : [`It asks for another role: ${role}`]),
  ];
}

/** The column that tells a table's items apart. */
const NAMED_BY: Readonly<Record<string, string>> = {
  traces: 'message',
  requests: 'name',
  dependencies: 'name',
  exceptions: 'type',
  customMetrics: 'name',
};

/** What a query asks for and nobody sends. */
export function emissionProblems(text: string, emitted: Emitted): string[] {
  const { dimensions, tables, compared } = analyse(text);
  const named = compared.filter(({ table, column }) => NAMED_BY[table] === column);
  const found = [
    ...named.flatMap((each) => nameProblems(each, emitted)),
    ...dimensions.flatMap((each) => dimensionProblems(each, named, tables, emitted)),
  ];
  return [...new Set(found)];
}

function nameProblems({ table, value }: Compared, emitted: Emitted): string[] {
  if (value in namesOf(table, emitted)) return [];
  if (table === 'traces' && emitted.sentences.has(value)) return [];
  return [`Nothing in ${table} is named "${value}"`];
}

/** A dimension of a table is one of everything that the query names there; of several tables, one of anything. */
function dimensionProblems(
  { table, key }: Dimension,
  named: readonly Compared[],
  tables: ReadonlySet<string>,
  emitted: Emitted,
): string[] {
  if ((table ?? 'traces') === 'traces' && OF_DURABLE_FUNCTIONS.has(key)) return [];
  const has = (name: string, names: string) => namesOf(name, emitted)[names]?.includes(key) === true;
  const somewhere = (name: string) => Object.keys(namesOf(name, emitted)).some((each) => has(name, each));
  if (table === undefined) return [...tables].some(somewhere) ? [] : [`Nothing has a dimension ${key}`];
  const recorded = named.filter((each) => each.table === table && each.value in namesOf(table, emitted));
  if (recorded.length === 0) return somewhere(table) ? [] : [`Nothing in ${table} has a dimension ${key}`];
  return recorded
    .filter(({ value }) => !has(table, value))
    .map(({ value }) => `"${value}" in ${table} has no dimension ${key}`);
}
