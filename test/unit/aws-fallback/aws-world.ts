import { tmpdir } from 'node:os';
import { loadSample } from '../../../local/sample/load-sample';
import { makeSample } from '../../../local/sample/sample';
import type { BatchPlatform } from '../../../shared/batch/batch-platform';
import { StorageError } from '../../../shared/errors';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { createLog } from '../../../shared/logging/log';
import { Masker } from '../../../shared/logging/masking';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { loadSettings } from '../../../shared/settings';
import { cloudWatch } from '../../../shared/telemetry/cloudwatch';
import { SteppingClock } from '../../support/stepping-clock';
import { type StoreCall, watched } from '../../support/store-spies';
import { withoutYoutube } from '../../support/without-youtube';

export const SAMPLE_DAY = '2025-08-11';

export const sample = makeSample({ dateIn: () => SAMPLE_DAY });

/** Settings of a function that are complete; nothing is ever sent to these places. */
export const FUNCTION_SETTINGS = {
  S3_BUCKET_NAME: 'makoto-messages',
  AWS_DEFAULT_REGION: 'ap-northeast-1',
  TENANT_ID: '*',
};

/** A platform as a function has it, over stores in memory. */
export class AwsWorld implements Pick<BatchPlatform, 'dataStore'> {
  readonly data = new MemoryObjectStore({ name: 'the bucket' });
  readonly metadata = new MemoryMetadataStore({ name: 'the table' });
  /** Noon in Tokyo on the day after the sample's. */
  readonly clock = new SteppingClock(Date.parse('2025-08-12T03:00:00Z'));
  /** What CloudWatch would take. */
  readonly lines: Record<string, unknown>[] = [];
  /** Is told every call of a store before it is made, and may throw. */
  before: (call: StoreCall) => void = () => undefined;
  readonly #store = watched(this.data, (call) => this.before(call));

  readonly dataStore = (): ObjectStore => this.#store;

  platform(env: Readonly<Record<string, string>> = {}): BatchPlatform {
    const { clock, lines } = this;
    const sink = { write: (text: string) => lines.push(JSON.parse(text) as Record<string, unknown>) };
    const telemetry = cloudWatch({ sink, masker: new Masker(), now: () => clock.now() });
    const settings = loadSettings({ ...FUNCTION_SETTINGS, ...env });
    const log = createLog({ level: settings.logLevel, now: () => clock.now(), write: (line) => telemetry.write(line) });
    return {
      ...withoutYoutube,
      settings,
      log,
      telemetry,
      clock,
      metadata: this.metadata,
      dataStore: this.dataStore,
      analyticsStore: this.dataStore,
      temporaryFolder: tmpdir(),
    };
  }

  /** The values of a metric, in the order in which they were told. */
  metric(name: string): unknown[] {
    return this.lines.flatMap((line) => ('_aws' in line && name in line ? [line[name]] : []));
  }
}

export async function worldWithSample(): Promise<AwsWorld> {
  const world = new AwsWorld();
  await loadSample({ dataStore: () => world.data, metadata: world.metadata }, sample);
  return world;
}

export function throttled(): StorageError {
  return new StorageError('The bucket is asked too much.', { code: 'storage_throttled', kind: 'transient' });
}

export function denied(): StorageError {
  return new StorageError('Access is denied.', { code: 'access_denied', kind: 'configuration' });
}
