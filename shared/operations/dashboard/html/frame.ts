import type { TextKey } from '../texts/english';
import type { Words } from '../texts/words';
import { type Html, html } from './html';

/** Where the parts of the page lead; undefined where there is nothing to lead to. */
export interface Links {
  overview(options?: { readonly to?: string; readonly page?: number; readonly days?: number }): string | undefined;
  day(tenant: string, date: string): string | undefined;
  tenant(tenant: string, to?: string): string | undefined;
  run(run: string, startedAt: string | undefined): string | undefined;
  youtube(to?: string): string | undefined;
  /** What a form of the page has to send along; without it, there are no forms. */
  readonly hidden?: Readonly<Record<string, string>>;
}

/** What every piece of a view is made with. */
export interface Frame {
  readonly words: Words;
  readonly links: Links;
  /** The level of a view's own heading. */
  readonly level: 1 | 2;
}

export function title({ level }: Frame, text: string): Html {
  return level === 1 ? html`<h1>${text}</h1>` : html`<h2>${text}</h2>`;
}

export function heading({ level }: Frame, text: string): Html {
  return level === 1 ? html`<h2>${text}</h2>` : html`<h3>${text}</h3>`;
}

/** Content that leads somewhere, if there is somewhere to go. */
export function link(href: string | undefined, content: Html | string): Html {
  return href === undefined ? html`${content}` : html`<a href="${href}">${content}</a>`;
}

/** A table that may be wider than the screen: it scrolls by itself, with the keyboard too. */
export function scrolling(name: string, content: Html): Html {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${name}">${content}</div>`;
}

/** Names and what they are, leaving out what is not there. */
export function figures(
  frame: Frame,
  rows: readonly (readonly [TextKey, Html | string | undefined, className?: 'wide'])[],
): Html {
  const shown = rows.filter(([, value]) => value !== undefined);
  return html`<dl class="kv">${shown.map(
    ([name, value, className]) =>
      html`<div${className !== undefined && html` class="${className}"`}><dt>${frame.words.text(name)}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}
