import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new empty directory, removed after the test. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'local-host-'));
  made.push(path);
  return path;
}

afterEach(() => {
  for (const path of made.splice(0)) {
    rmSync(path, { recursive: true, force: true });
  }
});
