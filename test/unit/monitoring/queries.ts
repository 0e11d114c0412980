import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../docs/documents';

const FOLDER = join(ROOT, 'bicep', 'monitoring');

/** The queries of operators, by the names of their files. */
export function kqlFiles(): Map<string, string> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.kql'));
  return new Map(names.sort().map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]));
}

export interface KqlFile {
  /** The comment at the top, line by line, without its slashes. */
  readonly header: readonly string[];
  /** `let` statements that give a name to a literal. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly body: string;
}

export function kqlFile(text: string): KqlFile {
  const lines = text.split('\n');
  const length = lines.findIndex((line) => !line.startsWith('//'));
  const body = lines.slice(length).join('\n');
  const literals = [...body.matchAll(/^let (\w+) = ('[^']*'|-?[\d.]+[dhms]?);$/gm)];
  return {
    header: lines.slice(0, length).map((line) => line.slice(2).trim()),
    parameters: new Map(literals.map(([, name = '', value = '']) => [name, value])),
    body,
  };
}
