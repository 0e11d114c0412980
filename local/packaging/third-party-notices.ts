import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The licenses of the packages that files of a bundle come from, in order of their names. */
export async function thirdPartyNotices(root: string, files: readonly string[]): Promise<string> {
  const folders = new Set(files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []));
  const notices = await Promise.all([...folders].sort().map((folder) => noticeOf(join(root, folder))));
  // A package may be there twice, for two of its users.
  return `${[...new Set(notices)].join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

async function noticeOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const found = (await readdir(folder)).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
  const texts = await Promise.all(found.map((file) => readFile(join(folder, file), 'utf8')));
  const said = typeof license === 'string' ? license : 'see its text';
  return [`${name} ${version} (${said})`, ...texts.map((text) => text.trim())].join('\n\n');
}
