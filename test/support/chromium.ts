import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Where Debian's package puts it, and others do; CHROMIUM names another place. */
const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const WITHOUT_CHROMIUM = 'not run: there is no Chromium (apt-get install chromium, or set CHROMIUM)';

export const chromiumPath: string | undefined = PLACES.find(
  (path) => path !== undefined && path !== '' && existsSync(path),
);

/** A suite in a real browser. Where there is none, one skipped test says so in its place. */
export function describeWithChromium(name: string, suite: () => void): void {
  if (chromiumPath !== undefined) {
    describe(name, suite);
    return;
  }
  process.stderr.write(`${name}: ${WITHOUT_CHROMIUM}\n`);
  // biome-ignore lint/suspicious/noSkippedTests: it tells that the suite was not run, and why
  test.skip(`${name} (${WITHOUT_CHROMIUM})`, () => {});
}

/** A browser with a profile of its own that asks for nothing by itself. */
export async function startChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(`The browser cannot be started; ${WITHOUT_CHROMIUM}.`);
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
