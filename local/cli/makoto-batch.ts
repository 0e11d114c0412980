#!/usr/bin/env node
import { createPlatform } from '../../shared/platform';
import { systemClock } from '../../shared/system-clock';
import { runBatchCli } from './batch-cli';

runBatchCli(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  clock: systemClock,
  createPlatform,
}).then((code) => {
  process.exitCode = code;
});
