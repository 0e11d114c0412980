import fc from 'fast-check';
import type { MessageKey } from '../../../shared/messages/message-key';
import {
  anyMember,
  arrayOf,
  type Member,
  nameText,
  numberText,
  objectText,
  oddNames,
  stringText,
  valueText,
} from './json-text';
import { instants } from './keys';

/** A message's body by its fields, and the text made from them. */
export interface Body {
  readonly members: readonly Member[];
  readonly text: string;
}

const quoted = (text: string) => JSON.stringify(text);
const absent = fc.constant('null');
const nonEmptyText = stringText.map((text) => (text === '""' ? '"x"' : text));
const integerText = fc.oneof(
  fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 }).map(String),
  fc.constantFrom('-0', '1e3', '12.0', '2147483647', '-2147483647', '0.5e1'),
);
const finiteText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom('0.10', '1e-400', '-0.0', '123456789012345678901234567890'),
);
const longText = fc.constantFrom(
  quoted('長'.repeat(43_690)),
  quoted('x'.repeat(128 * 1024)),
  quoted('😀\u0000'.repeat(20_000)),
);
const isoText = instants.chain((instant) => {
  const iso = new Date(instant).toISOString();
  return fc.constantFrom(
    quoted(iso),
    quoted(iso.slice(0, -1)),
    quoted(`${iso.slice(0, -1)}456+00:00`),
    quoted(iso.replace('T', ' ')),
  );
});

/** A field of the contract: its values where the body is valid. */
export const VALID: Readonly<Record<string, (key: MessageKey) => fc.Arbitrary<string>>> = {
  message_id: () => nonEmptyText,
  role: () => fc.oneof(fc.constantFrom('"user"', '"assistant"', '"system"'), nonEmptyText),
  content: () => fc.oneof({ weight: 40, arbitrary: stringText }, { weight: 1, arbitrary: longText }),
  timestamp: ({ timeMs, folderMs }) =>
    fc.oneof(absent, isoText, fc.constant(quoted(new Date(timeMs ?? folderMs).toISOString()))),
  user_id: ({ user }) => fc.oneof(absent, fc.constant(quoted(user))),
  room_id: ({ room }) => fc.oneof(absent, fc.constant(quoted(room))),
  context: () => fc.oneof(absent, objectOf({ rag_sources: fc.oneof(absent, arrayOf(valueText)), depth: valueText })),
  attachments: () => fc.oneof(absent, arrayOf(valueText)),
  generated_images: () => fc.oneof(absent, arrayOf(valueText)),
  crawl_sources: () => fc.oneof(absent, arrayOf(valueText)),
  agent_info: () =>
    fc.oneof(
      absent,
      objectOf({
        mode: fc.oneof(absent, stringText),
        execution_time_ms: fc.oneof(absent, finiteText),
        tokens_used: fc.oneof(absent, integerText),
      }),
      objectOf({ mode: stringText, model: valueText, ['__proto__']: valueText }),
    ),
};

const REQUIRED = ['message_id', 'role', 'content'];

function memberOf(name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Member> {
  return fc.record({ name: nameText(name), value });
}

function objectOf(fields: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const members = Object.entries(fields).map(([name, value]) => memberOf(name, value));
  return fc
    .tuple(fc.tuple(...members), fc.array(fc.boolean(), { minLength: members.length, maxLength: members.length }))
    .chain(([all, kept]) => objectText(all.filter((_, i) => kept[i])))
    .map((text) => text.trim());
}

/** Fields that the contract does not know, or knows by another name. An `id` or `images` of any type is kept as it is. */
const strangers = fc.oneof(
  oddNames.chain((name) => memberOf(name, valueText)),
  fc.constantFrom('tenant_id', 'surprise').chain((name) => memberOf(name, valueText)),
  anyMember.filter(({ name }) => !isKnown(JSON.parse(name) as string)),
);

function isKnown(name: string): boolean {
  return Object.hasOwn(VALID, name) || name === 'id' || name === 'images';
}

/** `id` and `images` beside, or in place of, what they are another name for. */
function otherNames(members: readonly Member[]): fc.Arbitrary<readonly Member[]> {
  const has = (name: string) => members.some((member) => JSON.parse(member.name) === name && member.value !== 'null');
  const id = members.find((member) => JSON.parse(member.name) === 'message_id')?.value ?? '"x"';
  const besideId = fc.oneof(fc.constant([]), fc.tuple(memberOf('id', fc.oneof(fc.constant(id), valueText))));
  const images = has('generated_images') ? valueText : fc.oneof(absent, arrayOf(valueText));
  const more = fc.oneof(fc.constant([]), fc.tuple(memberOf('images', images)));
  const spelledId = members.map((member) =>
    JSON.parse(member.name) === 'message_id' ? { ...member, name: '"id"' } : member,
  );
  const ids = fc.oneof(
    besideId.map((extra) => [...members, ...extra]),
    fc.constant(spelledId),
    fc.constant([{ name: '"message_id"', value: 'null' }, ...spelledId]),
  );
  return fc.tuple(ids, more).map(([all, extra]) => [...all, ...extra]);
}

/** Bodies that are valid under a key, in every shape that writers produce and some that none does. */
export function validBodies(key: MessageKey): fc.Arbitrary<Body> {
  const known = Object.entries(VALID).map(([name, values]) => {
    const member = memberOf(name, values(key));
    return REQUIRED.includes(name) ? member : fc.option(member, { nil: undefined });
  });
  return fc
    .tuple(...known)
    .map((members) => members.filter((member) => member !== undefined))
    .chain(otherNames)
    .chain((members) => fc.array(strangers, { maxLength: 4 }).map((more) => [...members, ...more]))
    .chain((members) => fc.shuffledSubarray(members, { minLength: members.length }))
    .chain(bodyOf);
}

/** A valid body with one field's value in place of its own. */
export function withField(key: MessageKey, field: string, value: string): fc.Arbitrary<Body> {
  return validBodies(key).chain(({ members }) => {
    return bodyOf([...members.filter(({ name }) => JSON.parse(name) !== field), { name: quoted(field), value }]);
  });
}

export function bodyOf(members: readonly Member[]): fc.Arbitrary<Body> {
  return objectText(members).map((text) => ({ members, text }));
}

/** Whatever may lie under a message's key: broken, cut off, of other types, or not text at all. */
export function anyBytes(key: MessageKey): fc.Arbitrary<Uint8Array> {
  const whole = validBodies(key).map(({ text }) => Buffer.from(text));
  const names = fc.constantFrom(...Object.keys(VALID), 'id', 'images');
  const anyFields = fc.array(
    fc.oneof(
      names.chain((name) => memberOf(name, valueText)),
      anyMember,
    ),
    { maxLength: 8 },
  );
  return fc.oneof(
    whole,
    names.chain((name) => valueText.chain((value) => withField(key, name, value))).map(({ text }) => Buffer.from(text)),
    // Seldom hit by the arm above: a body that is whole but for the user or the room that it names.
    fc
      .constantFrom('user_id', 'room_id')
      .chain((name) => withField(key, name, '"somebody else"'))
      .map(({ text }) => Buffer.from(text)),
    anyFields.chain(bodyOf).map(({ text }) => Buffer.from(text)),
    valueText.map((text) => Buffer.from(text)),
    numberText
      .chain((number) => withField(key, 'agent_info', `{"tokens_used":${number}}`))
      .map(({ text }) => Buffer.from(text)),
    fc.tuple(whole, fc.nat()).map(([bytes, at]) => bytes.subarray(0, at % (bytes.length + 1))),
    fc
      .tuple(whole, fc.nat(), fc.nat(255))
      .map(([bytes, at, byte]) => bytes.map((old, i) => (i === at % bytes.length ? byte : old))),
    fc.uint8Array({ maxLength: 80 }),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc
      .constantFrom('', ' \n', '\ufeff', '\ufeff\ufeff{}', 'null', '[]', '{', '{}}', '{"a":1,}', "{'a':1}")
      .map((text) => Buffer.from(text)),
  );
}
