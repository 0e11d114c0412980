import type { CliCommand } from '../cli-command';
import { backfillCommand } from './backfill';
import { compactCommand } from './compact';
import { ddlCommand } from './ddl';
import { doctorCommand } from './doctor';
import { eraseCommand } from './erase';
import { planCommand } from './plan';
import { quarantineCommand } from './quarantine';
import { reportCommand } from './report';
import { runCommand } from './run';
import { verifyCommand } from './verify';

/** The commands of `makoto-batch`, in the order in which its help lists them. */
export const COMMANDS: readonly CliCommand[] = [
  runCommand,
  planCommand,
  verifyCommand,
  doctorCommand,
  backfillCommand,
  quarantineCommand,
  eraseCommand,
  reportCommand,
  compactCommand,
  ddlCommand,
];
