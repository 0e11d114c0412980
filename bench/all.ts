import { spawn } from 'node:child_process';
import { BENCHES } from './benches';
import { thisMachine } from './harness/machine';
import { type AllReport, allReport, type BenchReport } from './harness/report';

/** What the process of a bench came to. */
interface BenchRun {
  readonly code: number;
  /** What it wrote to standard output, where that was read. */
  readonly output: string;
}

/**
 * Runs every bench in a process of its own, so that none measures what another one has left in memory.
 *
 * @param program the path of the program that runs one
 * @param args given to each, after its name
 * @returns the exit code: that of the first process whose code is not 0
 */
export async function runAll(program: string, args: readonly string[]): Promise<number> {
  let code = 0;
  for (const { name } of BENCHES) {
    const run = await runOne(program, [name, ...args], 'inherit');
    code ||= run.code;
  }
  return code;
}

/** The same, with what all of them came to. A bench that fails has no figures, and a code that is not 0. */
export async function reportAll(
  program: string,
  args: readonly string[],
): Promise<{ code: number; report: AllReport }> {
  const machine = thisMachine();
  const reports: BenchReport[] = [];
  let code = 0;
  for (const { name } of BENCHES) {
    const run = await runOne(program, [name, '--json', ...args], 'pipe');
    code ||= run.code;
    const report = lastLine(run.output);
    if (report?.figures !== undefined) reports.push(report);
  }
  return { code, report: allReport(machine, reports) };
}

function lastLine(output: string): BenchReport | undefined {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  return line.startsWith('{') ? (JSON.parse(line) as BenchReport) : undefined;
}

function runOne(program: string, args: readonly string[], stdout: 'inherit' | 'pipe'): Promise<BenchRun> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', stdout, 'inherit'] });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
