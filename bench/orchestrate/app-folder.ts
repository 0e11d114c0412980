import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../local/cli/project-root';

/** Makes a folder that a host takes for a function app: the project's own host.json, and {@link ./app} as all of its functions. */
export async function makeAppFolder(folder: string): Promise<void> {
  await mkdir(folder);
  await copyFile(join(projectRoot(), 'host.json'), join(folder, 'host.json'));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ private: true, main: 'functions.js' })}\n`);
  await writeFile(join(folder, 'functions.js'), `require(${JSON.stringify(join(__dirname, 'app.js'))});\n`);
}
