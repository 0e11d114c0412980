import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT } from '../docs/documents';
import { type BicepFile, declarationsOf } from './declarations';

/** The files of `bicep/` by their paths below it: Bicep, JSON and the queries. */
export type Project = ReadonlyMap<string, string>;

export function readProject(): Project {
  const folder = join(ROOT, 'bicep');
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(bicep|json|kql)$/.test(path))
    .sort();
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

/** The project with something in one of its files replaced, once. @throws Error where it is not there */
export function changed(project: Project, path: string, from: string, to: string): Project {
  const text = project.get(path);
  if (text === undefined || !text.includes(from)) throw new Error(`${path} does not say "${from}".`);
  return new Map([...project, [path, text.replace(from, () => to)]]);
}

export function bicepFiles(project: Project): BicepFile[] {
  return [...project].filter(([path]) => path.endsWith('.bicep')).map(([path, text]) => declarationsOf(path, text));
}

export function bicepFile(project: Project, path: string): BicepFile {
  return declarationsOf(path, project.get(path) ?? '');
}

export function json<Shape>(project: Project, path: string): Shape {
  return JSON.parse(project.get(path) ?? 'null') as Shape;
}

/** The path that a module, import or loadJsonContent of a file names. */
export function pathFrom(file: BicepFile, relative: string): string {
  return posix.join(posix.dirname(file.path), relative);
}
