import fc from 'fast-check';

/** One member of a JSON object as source text. */
export interface Member {
  /** The name with its quotes, escapes as they are written. */
  readonly name: string;
  readonly value: string;
}

export const space = fc.constantFrom('', '', ' ', '\n', '\r\n', '\t \n');

const escaped = fc.constantFrom(
  ...['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u0000', '\\u0022', '\\u005C', '\\uFEFF'],
  ...['\\ud83d\\ude00', '\\ud800', '\\uDC00', '\\ud800x', '\\\\\\\\', '\\\\\\"'],
);
const plain = fc
  .oneof(fc.string({ unit: 'grapheme', maxLength: 4 }), fc.string({ unit: 'binary', maxLength: 4 }))
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these may not stand in JSON text as they are
  .map((text) => text.replace(/["\\\u0000-\u001f]/g, ''));
const punctuation = fc.constantFrom('{', '}', '[', ']', ':', ',', ' }', 'null', '{"a":1}'.replaceAll('"', '\\"'));

/** A string as JSON text: plain characters, every kind of escape, and what looks like JSON inside of it. */
export const stringText = fc
  .array(fc.oneof(plain, escaped, punctuation), { maxLength: 6 })
  .map((parts) => `"${parts.join('')}"`);

/** Numbers that a double cannot hold, or not as they are written, among others. */
export const numberText = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom('0', '-0', '1.0', '0.10', '1e999', '-1E+400', '1e-400', '9007199254740993', '-9007199254740993'),
  fc.constantFrom('123456789012345678901234567890', '0.1234567890123456789', '1e2', '12E-1'),
);

const literal = fc.constantFrom('null', 'true', 'false');

export const oddNames = fc.constantFrom(
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'length', '', '0', '10', '-1'],
  ...['a b', 'ユーザー', '😀', 'a.b', '$ref', 'agent_info.mode'],
);

/** A name as JSON text, written plainly or with its first character escaped. */
export function nameText(name: string): fc.Arbitrary<string> {
  const plainly = JSON.stringify(name);
  const first = name.charCodeAt(0);
  if (name === '' || (first >= 0xd800 && first <= 0xdfff)) return fc.constant(plainly);
  const withEscape = `"\\u${first.toString(16).padStart(4, '0')}${JSON.stringify(name.slice(1)).slice(1)}`;
  return fc.oneof({ weight: 5, arbitrary: fc.constant(plainly) }, { weight: 1, arbitrary: fc.constant(withEscape) });
}

const anyName = fc.oneof(stringText, oddNames.chain(nameText));

function spaced(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(space, text, space).map((parts) => parts.join(''));
}

const { value } = fc.letrec<{ value: string; array: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    literal,
    numberText,
    stringText,
    tie('array'),
    tie('object'),
  ),
  array: arrayOf(tie('value')),
  object: fc
    .array(fc.tuple(spaced(anyName), spaced(tie('value'))), { maxLength: 4 })
    .map((members) => `{${members.map((member) => member.join(':')).join(',')}}`),
}));

/** Any JSON value as text, spaced and escaped in any way. */
export const valueText: fc.Arbitrary<string> = value;

export function arrayOf(item: fc.Arbitrary<string>, maxLength = 4): fc.Arbitrary<string> {
  return fc.array(spaced(item), { maxLength }).chain((items) => {
    return items.length > 0 ? fc.constant(`[${items.join(',')}]`) : space.map((between) => `[${between}]`);
  });
}

/** An object's text from its members', with any white space between the parts. */
export function objectText(members: readonly Member[]): fc.Arbitrary<string> {
  const spaces = fc.array(space, { minLength: 4 * members.length + 3, maxLength: 4 * members.length + 3 });
  return spaces.map((around) => {
    const at = (index: number) => around[index] ?? '';
    const texts = members.map(({ name, value: text }, i) => {
      return `${at(4 * i)}${name}${at(4 * i + 1)}:${at(4 * i + 2)}${text}${at(4 * i + 3)}`;
    });
    const inside = texts.length > 0 ? texts.join(',') : at(0);
    return `${at(around.length - 3)}{${inside}}${at(around.length - 2)}`;
  });
}

export const anyMember: fc.Arbitrary<Member> = fc.record({ name: anyName, value: valueText });
