import type { Command } from 'commander';
import { compactTenants, type TenantMonth } from '../../../shared/operations/compact/compact-tenants';
import { parseMonth } from '../../../shared/operations/compact/month';
import { type CliCommand, collect, type GlobalOptions, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';
import { tenantMonthLines } from '../compact-text';
import { ExitCode } from '../outcome';

interface CompactOptions {
  readonly month: string;
  readonly tenant?: readonly string[];
  readonly partial?: boolean;
}

/** `makoto-batch compact`: merges a month's parts into large files. */
export const compactCommand: CliCommand = {
  examples: [['makoto-batch compact --month 2025-08', 'a finished month, in files of about 128 MB']],
  register(program, session) {
    program
      .command('compact')
      .description("merges a month's published days into files of about 128 MB beside them; writes only what is needed")
      .requiredOption('--month <month>', 'the month, as yyyy-mm')
      .option('--tenant <id>', 'a tenant, instead of those in TENANT_ID; may be given more than once', collect)
      .option('--partial', 'also where days of the month are not published: without them')
      .action(async (_options: unknown, command: Command) => {
        const { own, global } = optionsOf<CompactOptions>(command);
        await compact(session, own, global);
      });
  },
};

async function compact(
  session: CliSession,
  { month: text, tenant, partial = false }: CompactOptions,
  global: GlobalOptions,
): Promise<void> {
  const month = parseMonth(text);
  const request = { month, partial, ...(tenant === undefined ? {} : { tenants: tenant }) };
  await session.onPlatform(session.settings(global), async (platform) => {
    const tenants: TenantMonth[] = [];
    session.display.show(`compacting ${month}`);
    for await (const result of compactTenants(platform, request)) {
      tenants.push(result);
      session.tell(tenantMonthLines(result), global);
      session.display.show(`compacting ${month}: ${result.tenant} is done`);
    }
    const failed = tenants.filter(({ status }) => status === 'failed').length;
    const status = failed === 0 ? 'completed' : failed === tenants.length ? 'failed' : 'partial';
    session.display.clear();
    session.result({ status, month, tenants }, global);
    session.exitCode = status === 'completed' ? ExitCode.completed : ExitCode.notCompleted;
  });
}
