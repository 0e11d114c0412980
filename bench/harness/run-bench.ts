import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../local/cli/project-root';
import { unlessMissing } from '../../shared/local/folder-errors';
import type { Bench, BenchContext } from './bench';
import { documentWith } from './document';
import { thisMachine } from './machine';
import { type BenchReport, withoutGoals } from './report';

/** Runs a bench to its end. */
export async function runBench(bench: Bench, context: BenchContext): Promise<BenchReport> {
  const machine = thisMachine();
  const { figures, versions, conditions } = await bench.run(context);
  return {
    bench: bench.name,
    machine,
    date: new Date().toISOString(),
    figures: context.quick ? figures.map(withoutGoals) : figures,
    versions,
    conditions,
  };
}

export const DOCUMENT = 'docs/benchmarks.md';

/** Puts what a bench came to into the project's page of benchmarks. */
export async function writeDocument(bench: Bench, report: BenchReport): Promise<void> {
  const path = join(projectRoot(), DOCUMENT);
  const page = await readFile(path, 'utf8').catch(unlessMissing);
  await writeFile(path, documentWith(page, report, bench.about));
}
