import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../../../shared/errors';
import { DEFAULT_DAYS, MOST_DAYS } from '../../../shared/operations/dashboard/query';
import { reportHtml } from '../../../shared/operations/dashboard/report';
import { LANGUAGES, type Language } from '../../../shared/operations/dashboard/texts/words';
import { type CliCommand, collect, type GlobalOptions, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';
import { formatBytes, plural } from '../figures';
import { fileErrorCode } from '../file-errors';

interface ReportOptions {
  readonly html: string;
  readonly days: number;
  readonly lang: Language;
  readonly tenant?: readonly string[];
}

const STANDARD_OUTPUT = '-';

/** `makoto-batch report`: the page of the last days as one file. */
export const reportCommand: CliCommand = {
  examples: [
    ['makoto-batch report --html report.html', 'the last days of all tenants, as one file'],
    ['makoto-batch report --html report.html --days 90 --lang ja --tenant acme', ''],
  ],
  register(program, session) {
    program
      .command('report')
      .description('writes the page of GET /api/dashboard as one file: days, runs, failures, quota')
      .requiredOption('--html <file>', 'the file to write; - is standard output')
      .option('--days <number>', `how many days, up to ${MOST_DAYS}`, daysOf, DEFAULT_DAYS)
      .addOption(new Option('--lang <language>', 'the language of the page').choices([...LANGUAGES]).default('en'))
      .option('--tenant <id>', 'a tenant, instead of those in TENANT_ID; may be given more than once', collect)
      .action(async (_options: unknown, command: Command) => {
        const { own, global } = optionsOf<ReportOptions>(command);
        await report(session, own, global);
      });
  },
};

async function report(
  session: CliSession,
  { html: file, days, lang: language, tenant: tenants }: ReportOptions,
  global: GlobalOptions,
): Promise<void> {
  const settings = session.settings(global);
  await session.onPlatform(settings, async (platform) => {
    session.display.show('reading the records of runs');
    const text = await reportHtml(platform, { days, language, ...(tenants && { tenants }) });
    const bytes = Buffer.byteLength(text);
    if (file === STANDARD_OUTPUT) {
      session.display.clear();
      session.edges.stdout.write(text);
      return;
    }
    await writeReport(file, text);
    session.tell([`The report of ${plural(days, 'day')} is in ${file} (${formatBytes(bytes)}).`], global);
    session.result({ file, days, bytes }, global);
  });
}

async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    const code = fileErrorCode(error);
    if (code === undefined) throw error;
    throw new InputError({ '--html': `expected a file that can be written, and ${file} cannot be (${code})` });
  }
}

function daysOf(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= MOST_DAYS) return days;
  throw new InvalidArgumentError(`Expected a whole number from 1 to ${MOST_DAYS}.`);
}
