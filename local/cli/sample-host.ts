import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../shared/logging/log';
import { plainLines } from '../../shared/logging/writers';
import { type LocalHost, startHost } from '../host/host';
import type { Environment } from './env-file';
import { projectRoot } from './project-root';
import type { SampleServices } from './sample-services';
import type { Teardown } from './teardown';
import type { ProgressDisplay } from './terminal';

/** What is under way at the end may take so long; a host that keeps its state goes on with the rest the next time. */
const GRACE_MS = 3000;

export interface SampleHostOptions {
  readonly env: Environment;
  readonly services: SampleServices;
  readonly display: ProgressDisplay;
  readonly teardown: Teardown;
  readonly stateDir: string;
  /** 0: a free one. */
  readonly port: number;
  /** Called when the host cannot go on. */
  readonly onFailure?: (error: Error) => void;
}

/** Starts the compiled app on the local host, over the embedded services. Its log tells what went wrong, unless a level is asked for. */
export async function startSampleHost(options: SampleHostOptions): Promise<LocalHost> {
  const { env, services, display, teardown, stateDir, port, onFailure } = options;
  const { AZURE_STORAGE_CONNECTION_STRING: storage } = services.settings;
  const LOG_LEVEL = (env.LOG_LEVEL ?? '').trim() || 'warn';
  display.show('starting the local host');
  // What is interrupted cannot clean up after itself, so the app's temporary files get a folder that goes as a whole.
  const scratch = await mkdtemp(join(tmpdir(), 'makoto-host-'));
  await teardown.add(() => rm(scratch, { recursive: true, force: true, maxRetries: 5 }));
  const host = await startHost({
    appRoot: projectRoot(),
    stateDir,
    port,
    settings: { ...services.settings, AzureWebJobsStorage: storage, LOG_LEVEL, ...temporaryFolder(scratch) },
    log: createLog({ level: 'warn', write: plainLines(display.logSink) }),
    ...(onFailure && { onFailure }),
  });
  await teardown.add(() => host.stop(GRACE_MS));
  display.step(`the app is running on the local host, with ${host.functions.length} functions`);
  return host;
}

/** The names by which Node finds the folder for temporary files (os.tmpdir), on every system. */
function temporaryFolder(folder: string): Record<string, string> {
  return { TMPDIR: folder, TMP: folder, TEMP: folder };
}
