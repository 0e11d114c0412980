import type { CliCommand } from '../cli-command';
import { ddlCommand } from './ddl';
import { planCommand } from './plan';
import { runCommand } from './run';

/** The commands of `makoto-batch`, in the order in which its help lists them. */
export const COMMANDS: readonly CliCommand[] = [runCommand, planCommand, ddlCommand];
