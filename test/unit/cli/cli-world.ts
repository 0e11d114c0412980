import { tmpdir } from 'node:os';
import { runBatchCli } from '../../../local/cli/batch-cli';
import type { CliEdges } from '../../../local/cli/cli-session';
import type { OutputStream } from '../../../local/cli/terminal';
import { MemoryMetadataStore } from '../../../shared/local/memory-metadata-store';
import { MemoryObjectStore } from '../../../shared/local/memory-object-store';
import { createLog } from '../../../shared/logging/log';
import { plainLines } from '../../../shared/logging/writers';
import type { Clock } from '../../../shared/ports/clock';
import type { ObjectStore } from '../../../shared/ports/object-store';
import { standingClock } from '../../support/standing-clock';
import { withoutYoutube } from '../../support/without-youtube';

/** What a process has written. */
export class Written implements OutputStream {
  text = '';

  constructor(
    readonly isTTY = false,
    readonly columns?: number,
  ) {}

  write(text: string): void {
    this.text += text;
  }

  get lines(): string[] {
    return this.text.replace(/\n$/, '').split('\n');
  }

  get lastJson(): Record<string, unknown> {
    return JSON.parse(this.lines.at(-1) ?? '') as Record<string, unknown>;
  }
}

/** Settings that are complete; nothing is ever sent to these places. */
export const ENVIRONMENT = {
  AZURE_STORAGE_ACCOUNT_URL: 'https://example.blob.core.windows.net',
  COSMOS_ENDPOINT: 'https://example.documents.azure.com:443',
  TENANT_ID: '*',
};

/** The command line over stores in memory. */
export class CliWorld {
  readonly data = new MemoryObjectStore({ name: 'the container' });
  readonly metadata = new MemoryMetadataStore({ name: 'the table' });
  /** Stores of tenants whose container is not the common one. */
  readonly ownStores = new Map<string, ObjectStore>();
  /** Noon in Tokyo on the day after the sample's. */
  readonly clock: Clock = standingClock(() => Date.parse('2025-08-12T03:00:00Z'));

  readonly createPlatform: CliEdges['createPlatform'] = (settings, { logSink }) => ({
    settings,
    log: createLog({ level: settings.logLevel, write: plainLines(logSink ?? new Written()), now: this.clock.now }),
    clock: this.clock,
    metadata: this.metadata,
    dataStore: (tenant) => this.ownStores.get(tenant) ?? this.data,
    analyticsStore: (tenant) => this.ownStores.get(tenant) ?? this.data,
    ...withoutYoutube,
    temporaryFolder: tmpdir(),
    dispose: async () => undefined,
  });

  async run(
    args: readonly string[],
    { env = ENVIRONMENT, stdout = new Written(), stderr = new Written(), ...others }: Partial<RunEdges> = {},
  ): Promise<{ code: number; stdout: Written; stderr: Written }> {
    const { clock, createPlatform } = this;
    const edges = { ...others, env: { ...env }, stdout, stderr, clock, createPlatform };
    return { code: await runBatchCli(args, edges), stdout, stderr };
  }
}

interface RunEdges extends Pick<CliEdges, 'stdin' | 'ask' | 'onInterrupt' | 'fetch'> {
  readonly env: Readonly<Record<string, string>>;
  readonly stdout: Written;
  readonly stderr: Written;
}
