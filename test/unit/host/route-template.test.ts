import fc from 'fast-check';
import { RouteTemplate } from '../../../local/host/http/route-template';

test.each([
  ['runs/{id}', 'runs/export-2025', { id: 'export-2025' }],
  ['runs/{id}', 'RUNS/x', { id: 'x' }],
  ['runs/{id}', 'runs', undefined],
  ['runs/{id}', 'runs/a/b', undefined],
  ['runs/{id?}', 'runs', {}],
  ['runs/{id:int}', 'runs/12', { id: '12' }],
  ['runs/{id:int}', 'runs/twelve', undefined],
  ['runs/{id:int?}', 'runs', {}],
  ['runs/{id:int:min(5)}', 'runs/4', undefined],
  ['runs/{id:int:min(5)}', 'runs/5', { id: '5' }],
  ['{a}/{b:guid}', 'x/0f8fad5b-d9cb-469f-a165-70867728950e', { a: 'x', b: '0f8fad5b-d9cb-469f-a165-70867728950e' }],
  ['files/{*path}', 'files/a/b/c', { path: 'a/b/c' }],
  ['files/{*path}', 'files', {}],
  ['', '', {}],
  ['flag/{on:bool}', 'flag/True', { on: 'True' }],
  ['name/{n:length(3)}', 'name/abcd', undefined],
])('%s against /%s gives %j', (template, path, expected) => {
  const segments = path === '' ? [] : path.split('/');

  expect(new RouteTemplate(template).match(segments)).toEqual(expected);
});

test('what is put into a template comes out of it', () => {
  const value = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(value, value, (first, second) => {
      const parameters = new RouteTemplate('a/{first}/b/{second}').match(['a', first, 'b', second]);

      expect(parameters).toEqual({ first, second });
    }),
  );
});

test('the more particular template goes first, in whatever order they are given', () => {
  const ordered = ['runs/latest', 'runs/{id:int}', 'runs/{id}', 'runs/{*rest}'];
  fc.assert(
    fc.property(fc.shuffledSubarray(ordered, { minLength: 4 }), (shuffled) => {
      const templates = shuffled.map((text) => ({ text, template: new RouteTemplate(text) }));

      const sorted = templates.sort((a, b) => RouteTemplate.compare(a.template, b.template));

      expect(sorted.map(({ text }) => text)).toEqual(ordered);
    }),
  );
});

test.each(['a{b}', '{a', '{id:unheard}', '{id:min(x)}', '{a b}'])('the template %s is refused', (template) => {
  expect(() => new RouteTemplate(template)).toThrow(expect.objectContaining({ code: 'host_app_invalid' }));
});
