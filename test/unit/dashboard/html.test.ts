import fc from 'fast-check';
import { html } from '../../../shared/operations/dashboard/html/html';

const text = fc.string({
  unit: fc.oneof(fc.constantFrom('<', '>', '"', "'", '&', '/', '`', '='), fc.string({ unit: 'binary', maxLength: 3 })),
});

/** What a browser reads of text and of quoted attributes. */
function unescaped(markup: string): string {
  return markup
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

describe('the template', () => {
  test('lets no character of data begin a tag, end an attribute or name an entity, and loses none', () => {
    fc.assert(
      fc.property(text, (data) => {
        const markup = html`<p title="${data}">${data}</p>`.toString();

        const inner = /^<p title="([^"<>]*)">([^<>"']*)<\/p>$/s.exec(markup);
        expect(inner).not.toBeNull();
        expect(inner?.[1]).not.toMatch(/&(?!(?:lt|gt|quot|amp|#39);)/);
        expect([inner?.[1], inner?.[2]].map((part) => unescaped(part ?? ''))).toEqual([data, data]);
      }),
    );
  });

  test('takes its own pieces as they are, however deep in lists, and escapes once', () => {
    const items = ['<a>', html`<b>${'&'}</b>`, [html`<i></i>`, 3]];

    const markup = html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`.toString();

    expect(markup).toBe('<ul><li>&lt;a&gt;</li><li><b>&amp;</b></li><li><i></i>3</li></ul>');
  });

  test('leaves out what is not there, but not zero', () => {
    expect(html`[${undefined}${null}${false}${0}${''}]`.toString()).toBe('[0]');
  });
});
