import fc from 'fast-check';
import { type BusinessDay, businessDay } from '../../shared/calendar';

/** An object as a writer in the field may have left it. */
export interface CorpusObject {
  readonly key: string;
  readonly body: Uint8Array;
}

export interface Corpus {
  readonly day: BusinessDay;
  readonly objects: readonly CorpusObject[];
}

const ZONES = [
  'Asia/Tokyo',
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
];
/** Ordinary days, and days on which some of the zones change their clocks. */
const DATES = [
  '2025-08-11',
  '2025-03-09',
  '2025-11-02',
  '2025-03-30',
  '2025-10-26',
  '2025-04-06',
  '2024-02-29',
  '2025-12-31',
];

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\u0000', 'a\u0000b', '\ud800', 'x\udc00y', '😀', '日本語のメッセージ', '\u2028', '"\\'),
);
const json = fc.jsonValue({ depthSize: 'small', stringUnit: 'binary' });

/** Ids as they may stand in keys: no slash, no control characters. */
const id = fc.constantFrom('alice', 'a-b', 'ひろし x', 'user%20', 'café#?', '😀');
const room = fc.constantFrom('r', '部屋', 'r-1');
const messageId = fc.oneof(
  fc.constantFrom('m1', 'm2', 'm3'),
  fc.string({ unit: fc.constantFrom(...'abcdef0123456789'), minLength: 8, maxLength: 8 }),
);

const valid = fc.record(
  {
    role: fc.constantFrom('user', 'assistant', 'system'),
    content: text,
    context: fc.oneof(fc.constant(null), fc.record({ rag_sources: fc.array(json, { maxLength: 3 }), other: json })),
    attachments: fc.array(json, { maxLength: 3 }),
    generated_images: fc.array(json, { maxLength: 2 }),
    images: fc.array(json, { maxLength: 2 }),
    crawl_sources: fc.array(json, { maxLength: 2 }),
    agent_info: fc.record(
      { mode: text, execution_time_ms: fc.double({ noNaN: true, noDefaultInfinity: true }), tokens_used: fc.nat() },
      { requiredKeys: [] },
    ),
    surprise: json,
    ['__proto__']: json,
  },
  { requiredKeys: ['role', 'content'] },
);

/** Bodies that are no message: broken, of a wrong type, or not text at all. */
const junk: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 60 }),
  fc
    .constantFrom('', '{', 'null', '[]', '"text"', '{"role":"user"}', '{"message_id":1,"role":"user","content":"x"}')
    .map((t) => Buffer.from(t)),
  fc
    .constantFrom('1e999', '-1e400', '12345678901234567890', '1.5', '"7"', 'true', '[]')
    .map((number) =>
      Buffer.from(`{"message_id":"h","role":"user","content":"x","agent_info":{"tokens_used":${number}}}`),
    ),
  fc
    .constantFrom('yesterday', '2025-02-30T00:00:00Z', 17, {})
    .map((timestamp) => Buffer.from(JSON.stringify({ message_id: 'm1', role: 'user', content: 'x', timestamp }))),
);

const HUGE = 'long text 長い文 😀 '.repeat(6000);

/** Objects of one tenant around one business day: in it, before, after, and in folders it shares with its neighbours. */
export function corpusArbitrary(tenant: string, maxObjects = 40): fc.Arbitrary<Corpus> {
  return fc
    .record({
      zone: fc.constantFrom(...ZONES),
      date: fc.constantFrom(...DATES),
      drafts: fc.array(
        fc.record({
          user: id,
          room,
          hours: fc.double({ min: -14, max: 38, noNaN: true }),
          name: messageId,
          timestamp: fc.constantFrom('same', 'no zone', 'offset', 'skewed', 'missing'),
          idField: fc.constantFrom('message_id', 'id'),
          body: fc.oneof({ weight: 6, arbitrary: valid }, { weight: 1, arbitrary: junk }),
          huge: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
          misnamed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
        }),
        // Large ones too: fast-check's own leaning is to arrays of a handful.
        { maxLength: maxObjects, size: 'max' },
      ),
    })
    .map(({ zone, date, drafts }) => {
      const day = businessDay(date, zone);
      const objects = new Map<string, CorpusObject>();
      for (const draft of drafts) {
        const atMs = Math.floor(day.start + draft.hours * 3_600_000);
        const iso = new Date(atMs).toISOString();
        const folder = iso.slice(0, 10).replaceAll('-', '/');
        const time = iso.slice(11).replaceAll(':', '-');
        const name = draft.misnamed ? `${draft.name}.json` : `${time}-${draft.name}.json`;
        const key = `${tenant}/chat/${draft.user}/${draft.room}/messages/${folder}/${name}`;
        objects.set(key, { key, body: bodyOf(draft, atMs) });
      }
      return { day, objects: [...objects.values()] };
    });
}

function bodyOf(
  draft: {
    body: Uint8Array | object;
    name: string;
    idField: string;
    timestamp: string;
    huge: boolean;
    user: string;
    room: string;
  },
  atMs: number,
): Uint8Array {
  if (draft.body instanceof Uint8Array) return draft.body;
  const iso = new Date(atMs).toISOString();
  const timestamps: Record<string, object> = {
    same: { timestamp: iso },
    'no zone': { timestamp: iso.slice(0, -1) },
    offset: { timestamp: new Date(atMs + 9 * 3_600_000).toISOString().replace('Z', '+09:00') },
    skewed: { timestamp: new Date(atMs + 7_200_000).toISOString() },
    missing: {},
  };
  const content = draft.huge ? { content: HUGE } : {};
  const fields = { [draft.idField]: draft.name, ...timestamps[draft.timestamp], ...draft.body, ...content };
  return Buffer.from(JSON.stringify(fields));
}
