/** Markup that was made by {@link html}, and by nothing else. */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  static of(strings: readonly string[], values: readonly HtmlValue[]): Html {
    let markup = strings[0] ?? '';
    values.forEach((value, index) => {
      markup += markupOf(value) + (strings[index + 1] ?? '');
    });
    return new Html(markup);
  }

  toString(): string {
    return this.#markup;
  }
}

/** What may stand in a template: text and numbers are escaped, and nothing comes of what is not there. */
export type HtmlValue = Html | string | number | false | undefined | null | readonly HtmlValue[];

/**
 * A piece of a page. Every value is escaped, unless it is a piece itself; lists are put one after the other. Attributes must
 * stand in double quotes: a value can end neither a quoted attribute nor an element's text.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return Html.of(strings, values);
}

function markupOf(value: HtmlValue): string {
  if (value instanceof Html) return value.toString();
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map(markupOf).join('');
  return '';
}

function isList(value: HtmlValue): value is readonly HtmlValue[] {
  return Array.isArray(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
