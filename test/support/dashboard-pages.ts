import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** A page in a browser, with everything that it complained of and asked for. */
export class WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors, dialogs, and violations of the content security policy. */
  readonly complaints: string[] = [];
  readonly requests: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => undefined);
    });
    page.on('request', (request) => this.requests.push(request.url()));
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 }, ...options });
    return new WatchedPage(await context.newPage());
  }

  /** What an automated check finds wrong for people who cannot see or use a mouse, one line each. @param rules all of them, without it */
  async violations(rules?: readonly string[]): Promise<string[]> {
    // The policy of the page lets no script in: this one comes from outside of it.
    await this.page.evaluate(axeSource);
    return this.page.evaluate(async (runOnly) => {
      const { axe } = globalThis as unknown as {
        axe: {
          run(
            options: object,
          ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
        };
      };
      const { violations } = await axe.run(runOnly === undefined ? {} : { runOnly });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
      );
    }, rules);
  }

  /** How much wider the page is than its window. */
  async overflow(): Promise<number> {
    return this.page.evaluate(() => {
      const { document, innerWidth } = globalThis as unknown as {
        document: { documentElement: { scrollWidth: number } };
        innerWidth: number;
      };
      return document.documentElement.scrollWidth - innerWidth;
    });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
