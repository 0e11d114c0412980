import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log } from '../../../shared/ports/log';
import { HostError, messageOf } from '../errors';
import { FunctionsCore } from './functions-core';
import { findFiles } from './glob';

/**
 * Loads the app below `appRoot` as the Functions Node worker does: every file that matches the pattern in `main` of its
 * package.json is loaded, in order of name, with the core module in place; then the app's start hooks run.
 * @throws HostError `host_app_invalid`: no package.json or `main`, no file that matches, a file that throws, no function
 */
export async function loadApp(appRoot: string, log: Log): Promise<FunctionsCore> {
  const { main, isEsm } = readPackage(appRoot);
  const core = new FunctionsCore(log);
  core.install();
  const files = findFiles(appRoot, main);
  if (files.length === 0) {
    throw new HostError(
      'host_app_invalid',
      `The app cannot be loaded: found zero files matching "${main}" (main in ${join(appRoot, 'package.json')}). Is it built?`,
    );
  }
  for (const file of files) {
    await loadFile(file, isEsm, appRoot);
    log.debug(`Loaded entry point ${relative(appRoot, file)}.`);
  }
  await core.callHooks('appStart', { hookData: {}, appHookData: core.appHookData, functionAppDirectory: appRoot });
  core.finishLoading();
  await refuseStreams(core);
  return core;
}

async function loadFile(file: string, isEsm: boolean, appRoot: string): Promise<void> {
  try {
    if (file.endsWith('.mjs') || (isEsm && !file.endsWith('.cjs'))) {
      await import(pathToFileURL(file).href);
    } else {
      createRequire(join(appRoot, 'package.json'))(file);
    }
  } catch (error) {
    if (error instanceof HostError) {
      throw error;
    }
    throw new HostError(
      'host_app_invalid',
      `The entry point ${relative(appRoot, file)} cannot be loaded: ${messageOf(error)}`,
      error,
    );
  }
}

function readPackage(appRoot: string): { main: string; isEsm: boolean } {
  const path = join(appRoot, 'package.json');
  let content: { main?: unknown; type?: unknown };
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new HostError('host_app_invalid', `${path} cannot be read as JSON: ${messageOf(error)}`, error);
  }
  if (typeof content.main !== 'string' || content.main === '') {
    throw new HostError('host_app_invalid', `${path} has no "main": it must be the pattern of the app's entry points.`);
  }
  return { main: content.main, isEsm: content.type === 'module' };
}

/** With HTTP streams the library serves requests itself and waits for a proxy, which is not there: say so at once. */
async function refuseStreams(core: FunctionsCore): Promise<void> {
  const capabilities = (await core.model.getCapabilities?.({})) ?? {};
  if ('HttpUri' in capabilities) {
    throw new HostError(
      'host_app_invalid',
      'The app turns on HTTP streams (enableHttpStream), which the local host does not serve.',
    );
  }
}
