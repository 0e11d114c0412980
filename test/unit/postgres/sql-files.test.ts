import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATIONS_FOLDER, sql } from '../../../shared/postgres/sql-files';

const ROOT = join(__dirname, '../../../shared/postgres');

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

test('every SQL file is used by its name, and every name that is used is a file', () => {
  const files = filesIn(join(ROOT, 'sql')).filter((file) => file.endsWith('.sql'));
  const sources = filesIn(ROOT).filter((file) => file.endsWith('.ts'));
  const code = sources.map((file) => readFileSync(join(ROOT, file), 'utf8')).join('\n');

  const names = files.map((file) => file.replace(/\.sql$/, '').replaceAll('\\', '/'));

  for (const name of names) expect(sql(name)).toContain(';');
  for (const name of names) expect(code).toContain(`'${name.replace(/^(load\/(?!incoming)|prune\/)/, '')}'`);
  for (const [, used = ''] of code.matchAll(/\bsql\('([^']+)'\)/g)) expect(names).toContain(used);
});

test('migrations are numbered from 1 without gaps', () => {
  const numbers = readdirSync(MIGRATIONS_FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1]));

  expect(numbers.toSorted()).toEqual(numbers.map((_, i) => i + 1));
});
