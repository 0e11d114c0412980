#!/usr/bin/env node
import { systemClock } from '../../shared/local/system-clock';
import { startEncodingThread } from '../../shared/parquet/encoding-link';
import { createPlatform } from '../../shared/platform';
import { runBatchCli } from './batch-cli';
import { endProcess } from './end-process';
import { personAtTerminal } from './person';
import { storageClock } from './storage-clock';

runBatchCli(process.argv.slice(2), {
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
  // Opened only where it is read.
  get stdin() {
    return process.stdin;
  },
  ...personAtTerminal(),
  clock: systemClock,
  otherClock: storageClock,
  createPlatform: (settings, options) => createPlatform(settings, { ...options, startEncodingThread }),
}).then(endProcess);
