import { LANGUAGES, type Language, Words } from '../texts/words';
import { type Html, html } from './html';
import { glyphs } from './state-mark';
import { STYLE_ELEMENT, STYLE_HASH } from './style';

/** What a page may load and do: its own style, and nothing else. */
const POLICY = `default-src 'none'; style-src ${STYLE_HASH}; img-src data:; form-action 'self'; base-uri 'none'`;

/** As a header, which can also keep others from framing the page. */
export const CONTENT_SECURITY_POLICY = `${POLICY}; frame-ancestors 'none'`;

export interface NavigationLink {
  readonly href: string;
  readonly text: string;
  readonly isCurrent: boolean;
}

export interface PageParts {
  readonly words: Words;
  readonly title: string;
  readonly navigation: readonly NavigationLink[];
  /** Where the page is in other languages. */
  readonly languages: Readonly<Partial<Record<Language, string>>>;
  readonly json?: string;
  /** Who is signed in. */
  readonly user?: string;
  readonly madeAt: string;
  readonly content: Html;
  /** A file has no headers: it says in itself what it may do. */
  readonly isFile?: boolean;
}

/** The whole document. */
export function document(parts: PageParts): string {
  const { words, title, navigation, content, isFile = false } = parts;
  const page = html`<html lang="${words.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">${
    isFile && html`<meta http-equiv="Content-Security-Policy" content="${POLICY}">`
  }<title>${title} · ${words.text('product')}</title><link rel="icon" href="data:,">${STYLE_ELEMENT}</head><body><a class="skip" href="#main">${words.text('skip')}</a>${glyphs()}
<header><p class="brand">${words.text('product')} <span class="note">makoto-daily-batch</span></p><nav aria-label="${words.text('navigation')}"><ul>${navigation.map(
    ({ href, text, isCurrent }) =>
      html`<li><a href="${href}"${isCurrent && html` aria-current="page"`}>${text}</a></li>`,
  )}</ul></nav>${side(parts)}</header>
<main id="main" tabindex="-1">${content}</main>
<footer><p>${words.text('made_at', { at: words.instant(parts.madeAt) })} (${words.zone})${parts.json !== undefined && html` · <a href="${parts.json}">${words.text('as_json')}</a>`}</p></footer></body></html>`;
  return `<!doctype html>\n${page}`;
}

function side({ words, languages, user }: PageParts): Html | false {
  const others = LANGUAGES.flatMap((language) => {
    const href = languages[language];
    return language === words.language || href === undefined ? [] : [{ language, href }];
  });
  if (user === undefined && others.length === 0) return false;
  return html`<div class="side">${user !== undefined && html`<span>${words.text('signed_in', { user })}</span>`}${others.map(
    ({ language, href }) =>
      html`<a href="${href}" lang="${language}" hreflang="${language}">${new Words(language, words.zone).text('language_name')}</a>`,
  )}</div>`;
}
