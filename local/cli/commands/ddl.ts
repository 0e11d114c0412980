import { Argument, type Command, Option } from 'commander';
import { InputError, TenantError } from '../../../shared/errors';
import { DATASET_NAMES, type DatasetName } from '../../../shared/messages/datasets';
import { ENGINES, type Engine } from '../../../shared/operations/ddl/engines';
import { givenLocation, settingsLocation } from '../../../shared/operations/ddl/location';
import { ddlOf } from '../../../shared/operations/ddl/print-ddl';
import type { Settings } from '../../../shared/settings';
import { assertTenantId } from '../../../shared/tenant-id';
import { type CliCommand, collect, type GlobalOptions, optionsOf } from '../cli-command';
import type { CliSession } from '../cli-session';

interface DdlOptions {
  readonly tenant?: readonly string[];
  readonly dataset?: readonly DatasetName[];
  readonly location?: string;
  readonly monthly?: boolean;
}

/** `makoto-batch ddl`: what to run in an engine to query the output. It asks no service. */
export const ddlCommand: CliCommand = {
  examples: [
    ['makoto-batch ddl athena --tenant acme', 'the tables, by the bucket of the settings'],
    ['makoto-batch ddl duckdb --tenant acme --location .makoto/output', ''],
  ],
  register(program, session) {
    program
      .command('ddl')
      .description('prints what to run in an engine to query the output: tables or views of every dataset')
      .addArgument(new Argument('<engine>', 'which engine').choices(ENGINES))
      .option('--tenant <id>', 'a tenant; without one, those in TENANT_ID; may be given more than once', collect)
      .addOption(
        new Option('--dataset <name>', 'a dataset; without one, all of them; may be given more than once')
          .choices(DATASET_NAMES)
          .argParser<readonly DatasetName[]>(datasets),
      )
      .option('--location <address>', "where {tenant}/analytics/ begins, instead of the settings' container or bucket")
      .option('--monthly', 'of whole months, as compact writes them, instead of days')
      .action(async (engine: Engine, _options: unknown, command: Command) => {
        const { own, global } = optionsOf<DdlOptions>(command);
        printDdl(session, engine, own, global);
      });
  },
};

function datasets(value: string, previous: readonly DatasetName[] = []): readonly DatasetName[] {
  const name = DATASET_NAMES.find((each) => each === value);
  if (name === undefined) throw new InputError({ dataset: `expected one of ${DATASET_NAMES.join(', ')}` });
  return [...previous, name];
}

/** Settings are read only where something of them is needed: an analyst may have none. */
function printDdl(session: CliSession, engine: Engine, options: DdlOptions, global: GlobalOptions): void {
  let read: Settings | undefined;
  const settings = () => {
    read ??= session.settings(global);
    return read;
  };
  const { location, dataset, monthly = false } = options;
  const given = location === undefined ? undefined : givenLocation(engine, location);
  const texts = (askedTenants(options) ?? listedTenants(settings())).map((tenant) =>
    ddlOf({
      engine,
      tenant,
      datasets: DATASET_NAMES.filter((name) => dataset?.includes(name) ?? true),
      location: given ?? settingsLocation(engine, settings(), tenant),
      monthly,
    }),
  );
  const statements = texts.join('\n\n');
  if (!global.json) session.tell(statements.split('\n'), global);
  session.result({ status: 'completed', engine, statements }, global);
}

function askedTenants({ tenant }: DdlOptions): readonly string[] | undefined {
  const wrong = tenant?.map(tenantProblem).find((problem) => problem !== undefined);
  if (wrong !== undefined) throw new InputError({ tenants: wrong });
  return tenant;
}

function tenantProblem(id: string): string | undefined {
  try {
    assertTenantId(id);
    return undefined;
  } catch (error) {
    if (error instanceof TenantError) return error.message;
    throw error;
  }
}

function listedTenants({ tenants }: Settings): readonly string[] {
  if (tenants !== '*') return tenants;
  throw new InputError({ tenants: 'is needed: TENANT_ID is *, and no service is asked for the tenants here' });
}
