import fc from 'fast-check';
import { TenantError } from '../../../shared/errors';
import { isContainerName } from '../../../shared/settings/container-name';
import { assertTenantId, containerFor } from '../../../shared/tenant-id';

const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
const ids = fc
  .tuple(
    fc.constantFrom(...letters),
    fc.array(fc.constantFrom(...letters, '_', '-', '.'), { maxLength: 126 }),
    fc.constantFrom(...letters, '_', '-'),
  )
  .map(([first, middle, last]) => `${first}${middle.join('').replaceAll(/\.+/g, '.')}${last}`);

function refusal(act: () => unknown): TenantError {
  try {
    act();
  } catch (error) {
    if (error instanceof TenantError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('tenant ids', () => {
  test('of letters, digits, "_", "-" and "." are taken', () => {
    fc.assert(fc.property(ids, (id) => expect(() => assertTenantId(id)).not.toThrow()));
    for (const id of ['a', '1', 'default_tenant', 'acme.co-jp_1', 'x'.repeat(128), 'a-']) assertTenantId(id);
  });

  test('whatever is taken is one folder name, a Cosmos id and a URL path as it stands', () => {
    fc.assert(
      fc.property(fc.oneof(ids, fc.string({ unit: 'binary' })), (id) => {
        try {
          assertTenantId(id);
        } catch {
          return;
        }
        expect(new URL(`https://a.example/container/${id}/chat/`).pathname).toBe(`/container/${id}/chat/`);
        expect(id).not.toMatch(/[/\\#?%\s]/);
      }),
    );
  });

  test.each([
    ['', '"" is empty'],
    ['a/b', 'holds "/"'],
    ['a\\b', 'holds a backslash'],
    ['..', 'holds ".."'],
    ['a..b', 'holds ".."'],
    ['.', 'begins with "."'],
    ['.hidden', 'begins with "."'],
    ['_manifests', 'begins with "_"'],
    ['-x', 'begins with "-"'],
    ['acme.', 'ends with "."'],
    ['a#b', 'holds "#"'],
    ['a?b', 'holds "?"'],
    ['a%2Fb', 'holds "%"'],
    ['{tenant}', 'holds "{"'],
    ['*', 'holds "*"'],
    ['a b', 'holds U+0020'],
    ['a\u00a0b', 'holds U+00A0'],
    ['a\n', 'holds U+000A'],
    ['a\u0000', 'holds U+0000'],
    ['a\u0085', 'holds U+0085'],
    ['a\u200d', 'holds U+200D'],
    ['\ud800', 'holds U+D800'],
    ['テナント', 'holds "テ"'],
    ['café', 'holds "é"'],
    ['a😀', 'holds "😀"'],
    ['x'.repeat(129), 'has 129 characters'],
  ])('%j is refused: %s', (id, reason) => {
    const error = refusal(() => assertTenantId(id));

    expect(error).toMatchObject({ code: 'tenant_id_invalid', kind: 'configuration' });
    expect(error.message).toContain(reason);
    expect(error.message).toMatch(/^The tenant id ".*" .*; a tenant id is 1 to 128 letters/);
    expect(error.message).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029]/u);
    expect(error.message.length).toBeLessThan(350);
  });
});

describe('containerFor', () => {
  test('puts the tenant in its place, or refuses it by name', () => {
    const templates = fc.constantFrom('{tenant}', 'chat-{tenant}', '{tenant}-{tenant}', 'makoto-messages');

    fc.assert(
      fc.property(ids, templates, (id, template) => {
        const name = template.split('{tenant}').join(id);
        if (isContainerName(name)) {
          expect(containerFor(template, id)).toBe(name);
        } else {
          const error = refusal(() => containerFor(template, id));
          expect(error).toMatchObject({ code: 'tenant_container_invalid', kind: 'configuration' });
          expect(error.message).toContain(JSON.stringify(id));
          expect(error.message).toContain(JSON.stringify(template));
        }
      }),
    );
  });

  test.each([
    ['{tenant}', 'ab'],
    ['{tenant}', 'Acme'],
    ['{tenant}', 'default_tenant'],
    ['{tenant}', 'acme.jp'],
    ['chat-{tenant}', '-x'],
    ['chat-{tenant}', 'x-'],
    ['chat-{tenant}', 'x'.repeat(59)],
  ])('%s has none for %s', (template, id) => {
    expect(() => containerFor(template, id)).toThrow(TenantError);
  });

  test('reads no replacement pattern in an id', () => {
    expect(refusal(() => containerFor('a-{tenant}', '$&')).message).toContain('"a-$&"');
  });
});
