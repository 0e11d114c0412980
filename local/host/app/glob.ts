import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../errors';

/**
 * The files below `root` that match `pattern`, as sorted absolute paths. Understands what entry-point patterns use:
 * `*`, `?`, `**` (any number of directories) and `{a,b}`; names beginning with a dot match only where the pattern has
 * the dot. (Node 20 has no `fs.globSync`.)
 */
export function findFiles(root: string, pattern: string): string[] {
  const found = new Set<string>();
  for (const alternative of expandBraces(pattern)) {
    const segments = alternative.split('/').filter((segment) => segment !== '' && segment !== '.');
    collect(root, segments, found);
  }
  return [...found].sort();
}

/** `a{b,c}d` as `abd` and `acd`; nested braces too. */
export function expandBraces(pattern: string): string[] {
  const open = pattern.indexOf('{');
  if (open === -1) {
    return [pattern];
  }
  const options: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '{') {
      depth++;
    } else if (char === '}' || char === ',') {
      if (depth === 1) {
        options.push(pattern.slice(from, at));
        from = at + 1;
      }
      if (char === '}' && --depth === 0) {
        const [head, tail] = [pattern.slice(0, open), pattern.slice(at + 1)];
        return options.flatMap((option) => expandBraces(head + option + tail));
      }
    }
  }
  return [pattern];
}

function collect(directory: string, segments: readonly string[], found: Set<string>): void {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    return;
  }
  if (segment === '**') {
    collect(directory, rest.length === 0 ? ['*'] : rest, found);
    for (const entry of entriesOf(directory)) {
      if (!entry.name.startsWith('.') && isDirectory(directory, entry)) {
        collect(join(directory, entry.name), segments, found);
      }
    }
    return;
  }
  const matches = segmentMatcher(segment);
  for (const entry of entriesOf(directory)) {
    if (!matches(entry.name)) {
      continue;
    }
    const path = join(directory, entry.name);
    if (isDirectory(directory, entry)) {
      collect(path, rest, found);
    } else if (rest.length === 0) {
      found.add(path);
    }
  }
}

function segmentMatcher(segment: string): (name: string) => boolean {
  const source = segment
    .replace(/[.+^$()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  const expression = new RegExp(`^${source}$`);
  return (name) => (name.startsWith('.') ? segment.startsWith('.') : true) && expression.test(name);
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}

function isDirectory(directory: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) {
    return entry.isDirectory();
  }
  try {
    return statSync(join(directory, entry.name)).isDirectory();
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
