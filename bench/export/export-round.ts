import { BlobServer, type BlobServerFaults } from '../blob-server/blob-server';
import type { CorpusShape } from '../blob-server/corpus';
import { totalOf } from '../blob-server/request-counts';
import type { BenchContext } from '../harness/bench';
import type { ExportAnswer } from './export-process';
import { type WholeExportOptions, wholeExport } from './whole-export';

/** What one export took. */
export interface ExportRound extends ExportAnswer {
  /** Of the exporting process, in milliseconds. */
  readonly cpuPerMessage: number;
  readonly messagesPerSecond: number;
  readonly requestsPerMessage: number;
  /** Of the blob server, in milliseconds. */
  readonly serverCpuPerMessage: number;
}

/** A blob server with a corpus, to export it from again and again. */
export interface ExportStage {
  readonly server: BlobServer;
  readonly corpus: CorpusShape;
}

export async function startStage(
  { teardown }: Pick<BenchContext, 'teardown'>,
  corpus: CorpusShape,
  faults: BlobServerFaults = {},
): Promise<ExportStage> {
  const server = await BlobServer.start(corpus, { faults });
  await teardown.add(() => server.end());
  return { server, corpus };
}

/** Exports the corpus, and forgets what came of it. @throws as {@link wholeExport} */
export async function exportRound(
  { server, corpus }: ExportStage,
  options: Pick<WholeExportOptions, 'settings' | 'limits' | 'teardown'>,
): Promise<ExportRound> {
  await server.ask('reset');
  const answer = await wholeExport({ connectionString: server.connectionString, corpus, ...options });
  const { requests, cpuMs } = await server.ask('reset');
  const { exported, seconds, cpuSeconds } = answer;
  return {
    ...answer,
    cpuPerMessage: (cpuSeconds / exported) * 1000,
    messagesPerSecond: exported / seconds,
    requestsPerMessage: totalOf(requests) / exported,
    serverCpuPerMessage: cpuMs / exported,
  };
}
