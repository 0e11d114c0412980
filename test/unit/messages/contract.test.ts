import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { judgeMessage, MAX_MESSAGE_BYTES, type Message } from '../../../shared/messages/contract';
import { DATASETS } from '../../../shared/messages/datasets';
import type { MessageKey } from '../../../shared/messages/message-key';
import { messageRow } from '../../../shared/messages/message-row';
import { parseTimestamp } from '../../../shared/messages/timestamp';
import { ColumnBatchBuilder } from '../../../shared/parquet/column-batch';
import { type Body, validBodies } from './bodies';
import { messageKeys } from './keys';

type Fields = Readonly<Record<string, unknown>>;

const bodiesWithKeys = messageKeys.chain((key) => fc.record({ key: fc.constant(key), body: validBodies(key) }));
const key: MessageKey = { user: 'u', room: 'r', key: 'k', folderMs: 0, timeMs: 5 };

function valid(under: MessageKey, text: string): Message {
  const verdict = judgeMessage(under, Buffer.from(text));
  if (verdict.kind === 'valid') return verdict.message;
  throw new Error(`Quarantined as ${verdict.reason}: ${verdict.detail}`);
}

/** What every valid body's message is compared with. */
function eachValid(check: (message: Message, fields: Fields, body: Body, under: MessageKey) => void): void {
  fc.assert(
    fc.property(bodiesWithKeys, ({ key: under, body }) => {
      check(valid(under, body.text), JSON.parse(body.text) as Fields, body, under);
    }),
    { numRuns: 150 },
  );
}

/** The source text of a body's field: of a name written twice the last one's. */
function sourceOf({ members }: Body, field: string): string | null {
  const value = members.findLast(({ name }) => JSON.parse(name) === field)?.value ?? 'null';
  return value === 'null' ? null : value;
}

const isPresent = (value: unknown) => value !== undefined && value !== null;
const wellFormed = (value: unknown) => (value as string).toWellFormed();

describe('the message of a valid body', () => {
  test('has the text that was written, with U+FFFD for a lone surrogate', () => {
    eachValid((message, fields) => {
      expect(message.messageId).toBe(wellFormed(fields.message_id ?? fields.id));
      expect(message.role).toBe(wellFormed(fields.role));
      expect(message.content).toBe(wellFormed(fields.content));
      const mode = (fields.agent_info as Fields | null | undefined)?.mode;
      expect(message.agentMode).toBe(isPresent(mode) ? wellFormed(mode) : null);
    });
  });

  test('counts lone surrogates by message, and those of text columns only', () => {
    eachValid((message, { message_id, id, role, content, agent_info }) => {
      const texts = [message_id ?? id, role, content, (agent_info as Fields | null | undefined)?.mode ?? ''];

      expect(message.replacedSurrogates).toBe(texts.some((text) => !(text as string).isWellFormed()));
    });
  });

  test('has the length of its content in code points', () => {
    eachValid(({ content, contentLength }, fields) => {
      expect(contentLength).toBe([...(fields.content as string)].length);
      expect(contentLength).toBe([...content].length);
    });
  });

  test('has its JSON columns exactly as they were written, numbers of any size included', () => {
    eachValid((message, fields, body) => {
      expect(message.attachments).toBe(sourceOf(body, 'attachments'));
      expect(message.context).toBe(sourceOf(body, 'context'));
      const images = isPresent(fields.generated_images) ? 'generated_images' : 'images';
      expect(message.generatedImages).toBe(sourceOf(body, images));
    });
  });

  test('counts what its lists hold', () => {
    const length = (list: unknown) => (list as readonly unknown[] | null | undefined)?.length ?? 0;

    eachValid((message, { attachments, generated_images, images, context }) => {
      expect(message.attachmentCount).toBe(length(attachments));
      expect(message.generatedImageCount).toBe(length(generated_images ?? images));
      expect(message.ragSourceCount).toBe(length((context as Fields | null | undefined)?.rag_sources));
    });
  });

  test('loses no field: what has no column is in extra, as it was written', () => {
    eachValid((message, fields, body) => {
      const extra = JSON.parse(message.extra ?? '{}') as Fields;

      const columns = columnsOf(message);
      for (const [name, value] of Object.entries(fields)) {
        const written = Object.hasOwn(extra, name) || !isPresent(value) ? value : asShown(name, value);
        const kept = Object.hasOwn(extra, name) ? extra[name] : isPresent(value) ? columns.get(name) : value;
        expect({ name, same: isDeepStrictEqual(kept, written) }).toEqual({ name, same: true });
      }
      expect(Object.keys(extra).every((name) => Object.hasOwn(fields, name))).toBe(true);
      for (const name of Object.keys(extra)) expect(message.extra).toContain(sourceOf(body, name) ?? 'null');
    });
  });

  test('names the fields that no contract knows, and only those', () => {
    const known = ['message_id', 'id', 'user_id', 'room_id', 'timestamp', 'role', 'content', 'context', 'agent_info'];
    const more = ['attachments', 'generated_images', 'images', 'crawl_sources', 'tenant_id'];

    eachValid((message, fields) => {
      const strangers = Object.keys(fields).filter((name) => ![...known, ...more].includes(name));
      const ofAgent = Object.keys(fields.agent_info ?? {}).filter(
        (name) => !['mode', 'execution_time_ms', 'tokens_used'].includes(name),
      );

      const expected = [...strangers, ...ofAgent.map((name) => `agent_info.${name}`)].map(wellFormed);
      expect([...message.unknownFields].sort()).toEqual(expected.sort());
    });
  });

  test('has its own timestamp, else the key’s, and says where the two are over a minute apart', () => {
    eachValid((message, { timestamp }) => {
      const own = isPresent(timestamp) ? parseTimestamp(timestamp as string) : undefined;

      expect(message.timestampMs).toBe(own ?? message.placedMs);
      expect(message.clockSkew).toBe(Math.abs(message.timestampMs - message.placedMs) > 60_000);
    });
  });

  test('is a row that the columns take, under the names they have', () => {
    eachValid((message, _fields, _body, under) => {
      const row = messageRow('acme', 20_311, 23, message);
      const builder = new ColumnBatchBuilder(DATASETS.messages);

      builder.append(row);

      const named = Object.fromEntries(DATASETS.messages.columns.map(({ name }, i) => [name, row[i]]));
      expect(named).toMatchObject({
        tenant_id: 'acme',
        user_id: under.user,
        room_id: under.room,
        storage_key: under.key,
      });
      expect(named).toMatchObject({ message_id: message.messageId, role: message.role, content: message.content });
      expect(named).toMatchObject({ timestamp: message.timestampMs, business_date: 20_311, hour: 23 });
      expect(named).toMatchObject({ context: message.context, attachments: message.attachments, extra: message.extra });
      expect(named).toMatchObject({ generated_images: message.generatedImages, agent_mode: message.agentMode });
      expect(named).toMatchObject({
        content_length: message.contentLength,
        has_attachments: message.attachmentCount > 0,
        attachment_count: message.attachmentCount,
        generated_image_count: message.generatedImageCount,
        rag_source_count: message.ragSourceCount,
        agent_execution_time_ms: message.agentExecutionTimeMs,
        agent_tokens_used: message.agentTokensUsed,
      });
    });
  });
});

/** What the columns hold of a body's fields, by the fields' names. */
function columnsOf(message: Message): Map<string, unknown> {
  const { messageId, role, content, timestampMs, agentMode, agentExecutionTimeMs, agentTokensUsed } = message;
  const json = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
  const images = json(message.generatedImages);
  return new Map<string, unknown>([
    ...Object.entries({ message_id: messageId, id: messageId, role, content, timestamp: timestampMs }),
    ...Object.entries({ user_id: message.key.user, room_id: message.key.room }),
    ...Object.entries({ context: json(message.context), attachments: json(message.attachments) }),
    ...Object.entries({ generated_images: images, images }),
    ['agent_info', { mode: agentMode, execution_time_ms: agentExecutionTimeMs, tokens_used: agentTokensUsed }],
  ]);
}

/** A field as its columns show it: a lone surrogate as U+FFFD, a timestamp as its instant, each part of agent_info. */
function asShown(name: string, value: unknown): unknown {
  if (name === 'timestamp') return parseTimestamp(value as string);
  if (typeof value === 'string') return value.toWellFormed();
  if (name !== 'agent_info') return value;
  const { mode, execution_time_ms, tokens_used } = value as Fields;
  return {
    mode: asShown('mode', mode ?? null),
    execution_time_ms: execution_time_ms ?? null,
    tokens_used: tokens_used ?? null,
  };
}

test('a timestamp up to a minute from the key’s is no skew', () => {
  const skews = [-60_001, -60_000, -1, 0, 60_000, 60_001].map((apart) => {
    const timestamp = new Date(5 + apart).toISOString();
    return valid(key, `{"message_id":"m","role":"user","content":"","timestamp":"${timestamp}"}`).clockSkew;
  });

  expect(skews).toEqual([true, false, false, false, false, true]);
});

test.each([
  ['', 0],
  ['\\ud83d\\ude00', 1],
  ['\\ud83d', 1],
  ['\\ude00\\ud83d', 2],
  ['\\ud83d\\ud83d\\ude00', 2],
  ['\\ud83d\\ue000', 2],
  ['\\ud83d\\uffff', 2],
  ['\\ud7ff\\udc00', 2],
  ['👩‍👩‍👧‍👦', 7],
])('the content "%s" has %d code points', (content, expected) => {
  expect(valid(key, `{"message_id":"m","role":"user","content":"${content}"}`).contentLength).toBe(expected);
});

describe('a body', () => {
  const text = '{"message_id":"m","role":"user","content":"Grüße 😀"}';

  test('may begin with a byte order mark, and be a view into a larger buffer', () => {
    const body = Buffer.concat([Buffer.from('xx'), Buffer.from(`\ufeff${text}`), Buffer.from('yy')]).subarray(2, -2);

    expect(judgeMessage(key, body)).toEqual(judgeMessage(key, Buffer.from(text)));
    expect(judgeMessage(key, body).kind).toBe('valid');
  });

  test('is read the same after one that is no UTF-8', () => {
    const broken = judgeMessage(key, Buffer.from([0x7b, 0xf0, 0x9f]));
    const after = judgeMessage(key, Buffer.from(`\ufeff${text}`));

    expect(broken).toMatchObject({ kind: 'quarantined', reason: 'bad_encoding' });
    expect(after.kind).toBe('valid');
  });

  test('may hold as much as is read at all, nested to any depth', () => {
    const depth = 200_000;
    const extra = '['.repeat(depth) + ']'.repeat(depth);
    const rest = `{"message_id":"m","role":"user","deep":${extra},"content":""}`;
    const body = rest.replace('""', `"${'x'.repeat(MAX_MESSAGE_BYTES - rest.length)}"`);

    const message = valid(key, body);

    expect(body.length).toBe(MAX_MESSAGE_BYTES);
    expect(message.contentLength).toBe(MAX_MESSAGE_BYTES - rest.length);
    expect(message.extra).toBe(`{"deep":${extra}}`);
  });

  test.each([
    [
      'generated_images of null and images',
      '"generated_images":null,"images":[1,2]',
      { generatedImages: '[1,2]', generatedImageCount: 2, extra: null },
    ],
    [
      'both kinds of images',
      '"generated_images":[3],"images":[1,2]',
      { generatedImages: '[3]', generatedImageCount: 1, extra: '{"images":[1,2]}' },
    ],
    ['another id beside its own', '"id":"other"', { messageId: 'm', extra: '{"id":"other"}', unknownFields: [] }],
    ['the same id twice', '"id":"m"', { messageId: 'm', extra: null }],
    [
      'an unknown part of agent_info',
      '"agent_info":{"mode":"x","v":1.0}',
      { agentMode: 'x', extra: '{"agent_info":{"mode":"x","v":1.0}}', unknownFields: ['agent_info.v'] },
    ],
    ['a field written twice', '"x":1,"x":2', { extra: '{"x":2}', unknownFields: ['x'] }],
    [
      'a field called __proto__',
      '"__proto__":{"role":"admin"}',
      { role: 'user', extra: '{"__proto__":{"role":"admin"}}', unknownFields: ['__proto__'] },
    ],
    [
      'integers beyond 2^53',
      '"context":{"n":9007199254740993},"n":1e999',
      { context: '{"n":9007199254740993}', extra: '{"n":1e999}' },
    ],
    [
      'lone surrogates in JSON columns',
      '"context":{"s":"\\ud800"}',
      { context: '{"s":"\\ud800"}', replacedSurrogates: false },
    ],
  ])('with %s keeps it all', (_what, fields, expected) => {
    expect(valid(key, `{"message_id":"m","role":"user","content":"c",${fields}}`)).toMatchObject(expected);
  });
});
