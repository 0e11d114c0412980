import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Plain SQL files of node-pg-migrate, by number. They lie beside this module, and beside what it is compiled to. */
export const MIGRATIONS_FOLDER = join(__dirname, 'migrations');

const texts = new Map<string, string>();

/** The text of `sql/{name}.sql`, read once. */
export function sql(name: string): string {
  const known = texts.get(name);
  if (known !== undefined) return known;
  const text = readFileSync(join(__dirname, 'sql', `${name}.sql`), 'utf8');
  texts.set(name, text);
  return text;
}
