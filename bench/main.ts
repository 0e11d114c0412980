import { Command, CommanderError } from 'commander';
import { runInterruptible } from '../local/cli/interruptible';
import { explain, writeJson } from '../local/cli/outcome';
import type { Teardown } from '../local/cli/teardown';
import { ProgressDisplay } from '../local/cli/terminal';
import { reportAll, runAll } from './all';
import { BENCHES, benchNamed, UnknownBenchError } from './benches';
import { figureLines } from './harness/figure-text';
import { goalsMet } from './harness/report';
import { DOCUMENT, runBench, writeDocument } from './harness/run-bench';

/** `npm run bench`: exits 0 where no goal is missed, 1 where one is or the bench failed, 2 for wrong arguments. */
const EXIT = { met: 0, missed: 1, wrongInput: 2 } as const;

interface BenchOptions {
  readonly json?: boolean;
  readonly write?: boolean;
  readonly quick?: boolean;
}

const display = new ProgressDisplay(process.stderr);
const wantsJson = process.argv.includes('--json');

runInterruptible({
  run: async (teardown) => {
    const { name, options } = parse();
    return name === undefined ? runEach(options) : runNamed(name, options, teardown);
  },
  onInterrupt: () => {
    display.clear();
    process.stderr.write('Stopping; press Ctrl-C again not to wait.\n');
  },
  onError: (error) => {
    display.clear();
    // Help comes as an error too, and is written already.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.met;
    const isInput = error instanceof UnknownBenchError || error instanceof CommanderError;
    const { lines, report } = explain(error);
    const message = error instanceof UnknownBenchError ? [error.message] : lines;
    process.stderr.write(`${message.join('\n')}\n`);
    if (wantsJson) writeJson(process.stdout, { error: { ...report.error, message: message[0] } });
    return isInput ? EXIT.wrongInput : EXIT.missed;
  },
});

function parse(): { readonly name: string | undefined; readonly options: BenchOptions } {
  const command = new Command('npm run bench --')
    .description('Measures this batch beside its peers, on this machine.')
    .argument('[name]', `one of ${BENCHES.map(({ name }) => name).join(', ')}; all of them, if none is named`)
    .helpOption('-h, --help', 'print this help')
    .option('--json', 'print one JSON object on the last line of standard output')
    .option('--write', `put the figures into ${DOCUMENT}`)
    .option('--quick', 'do only a little of the work, to see that it can be done: no goal counts')
    .configureOutput({ writeErr: () => undefined })
    .exitOverride()
    .parse();
  const options = command.opts<BenchOptions>();
  if (options.write && options.quick) command.error('--write and --quick exclude each other');
  return { name: command.args[0], options };
}

async function runNamed(name: string, { json, write, quick }: BenchOptions, teardown: Teardown): Promise<number> {
  const bench = benchNamed(name);
  const report = await runBench(bench, { display, teardown, quick: quick === true });
  display.clear();
  const people = json ? process.stderr : process.stdout;
  const lines = [`${bench.name}: ${bench.about}`, '', ...figureLines(report.figures), '', ...report.conditions, ''];
  people.write(`${lines.join('\n')}\n`);
  if (write) await writeDocument(bench, report);
  if (json) writeJson(process.stdout, report);
  return goalsMet(report) ? EXIT.met : EXIT.missed;
}

async function runEach({ json, write, quick }: BenchOptions): Promise<number> {
  const args = [...(write ? ['--write'] : []), ...(quick ? ['--quick'] : [])];
  if (!json) return await runAll(__filename, args);
  const { code, report } = await reportAll(__filename, args);
  writeJson(process.stdout, report);
  return code;
}
