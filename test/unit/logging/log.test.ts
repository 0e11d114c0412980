import fc from 'fast-check';
import { BatchError, StorageError } from '../../../shared/errors';
import { errorDimensions } from '../../../shared/logging/error-dimensions';
import { createLog, type LogLevel, type LogRecord } from '../../../shared/logging/log';
import { Masker } from '../../../shared/logging/masking';
import { jsonLines, plainLines } from '../../../shared/logging/writers';
import { secrets, texts } from './secrets';

const NOON = Date.UTC(2025, 7, 11, 12, 34, 56, 789);
const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

class Lines {
  text = '';
  write(text: string): void {
    this.text += text;
  }
}

function recorded(level: LogLevel, dimensions = {}) {
  const records: LogRecord[] = [];
  return { records, log: createLog({ level, write: (record) => records.push(record), dimensions, now: () => NOON }) };
}

describe('createLog', () => {
  test.each(levels)('from level %s on, and nothing below', (level) => {
    const { records, log } = recorded(level);

    for (const each of levels) log[each]('A sentence.');

    expect(records.map((record) => record.level)).toEqual(levels.slice(levels.indexOf(level)));
  });

  test('a line carries the dimensions of its log, of those it came from, and its own, the nearest winning', () => {
    const { records, log } = recorded('info', { job: 'export', tenant: 'none' });

    const tenantLog = log.with({ tenant: 'acme', stage: 'plan' });
    tenantLog.info('Planned.', { stage: undefined, shards: 3, whole: true });
    tenantLog.with({ part: 1 }).warn('Slow.');
    log.error('Done.');

    expect(records).toEqual([
      {
        time: NOON,
        level: 'info',
        message: 'Planned.',
        dimensions: { job: 'export', tenant: 'acme', shards: 3, whole: true },
      },
      {
        time: NOON,
        level: 'warn',
        message: 'Slow.',
        dimensions: { job: 'export', tenant: 'acme', stage: 'plan', part: 1 },
      },
      { time: NOON, level: 'error', message: 'Done.', dimensions: { job: 'export', tenant: 'none' } },
    ]);
  });

  test('secrets are masked before anything is written, also in logs made from it', () => {
    fc.assert(
      fc.property(secrets, texts, texts, (secret, before, after) => {
        const records: LogRecord[] = [];
        const masker = new Masker([secret]);
        const log = createLog({
          level: 'debug',
          write: (record) => records.push(record),
          masker,
          dimensions: { own: `${secret}${before}` },
        });

        log
          .with({ [before + secret]: after + secret })
          .info(before + secret + after, errorDimensions(new Error(secret, { cause: secret })));

        const [{ message, dimensions } = { message: secret, dimensions: {} }] = records;
        const written = [message, ...Object.entries(dimensions).flat().map(String)];
        expect(written.filter((text) => text.includes(secret))).toEqual([]);
      }),
    );
  });

  test('a secret registered later is masked from then on', () => {
    const masker = new Masker();
    const records: LogRecord[] = [];
    const log = createLog({ level: 'info', write: (record) => records.push(record), masker }).with({ stage: 'x' });

    log.info('pass-phrase');
    masker.register('pass-phrase');
    log.info('pass-phrase');

    expect(records.map(({ message }) => message)).toEqual(['pass-phrase', '***']);
  });
});

describe('jsonLines', () => {
  test('writes one object a line, for any message and dimensions', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.string(), fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean())),
        (message, dimensions) => {
          const lines = new Lines();

          jsonLines(lines)({ time: NOON, level: 'info', message, dimensions });

          expect(lines.text.split('\n')).toHaveLength(2);
          const head = { time: '2025-08-11T12:34:56.789Z', level: 'info', message };
          const rest = Object.entries(dimensions).map(([name, value]) => [name in head ? `_${name}` : name, value]);
          expect(JSON.parse(lines.text)).toEqual(JSON.parse(JSON.stringify({ ...head, ...Object.fromEntries(rest) })));
        },
      ),
    );
  });

  test('a dimension does not take the place of the message', () => {
    const lines = new Lines();

    jsonLines(lines)({
      time: NOON,
      level: 'warn',
      message: 'Said.',
      dimensions: { message: 'other', time: 1, tenant: 'a' },
    });

    expect(lines.text).toBe(
      '{"time":"2025-08-11T12:34:56.789Z","level":"warn","message":"Said.","_message":"other","_time":1,"tenant":"a"}\n',
    );
  });
});

describe('plainLines', () => {
  test('writes a line for people', () => {
    const lines = new Lines();

    plainLines(lines)({
      time: NOON,
      level: 'info',
      message: 'Exported 3 messages.',
      dimensions: { tenant: 'acme', parts: 1, note: 'a "b"', none: '', ok: true },
    });

    expect(lines.text).toBe(
      '12:34:56 info  Exported 3 messages. tenant=acme parts=1 note="a \\"b\\"" none="" ok=true\n',
    );
  });

  test('lets no text begin a line of its own or move the cursor', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
        (message, dimensions) => {
          const lines = new Lines();

          plainLines(lines)({ time: NOON, level: 'error', message, dimensions });

          const [first = '', ...more] = lines.text.slice(0, -1).split('\n');
          expect(first.startsWith('12:34:56 error ')).toBe(true);
          expect(more.every((line) => line.startsWith('               '))).toBe(true);
          expect(lines.text.slice(0, -1).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        },
      ),
    );
  });

  test('keeps the lines of a message below one another', () => {
    const lines = new Lines();

    plainLines(lines)({
      time: NOON,
      level: 'error',
      message: '2 settings are wrong:\n  - A\r\n  - B\u001b[31m',
      dimensions: {},
    });

    expect(lines.text).toBe(
      '12:34:56 error 2 settings are wrong:\n                 - A\n                 - B\\x1b[31m\n',
    );
  });
});

describe('errorDimensions', () => {
  test('flattens an error of the family and its causes', () => {
    const root = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const cause = new StorageError('GET failed', { code: 'storage_connection_lost', kind: 'transient', cause: root });
    const error = new BatchError('The shard was not read.', { code: 'shard_failed', kind: 'transient', cause });

    expect(errorDimensions(error)).toEqual({
      error_name: 'BatchError',
      error_code: 'shard_failed',
      error_kind: 'transient',
      error_message: 'The shard was not read.',
      error_cause: 'StorageError (storage_connection_lost): GET failed <- Error (ECONNRESET): socket hang up',
      error_stack: undefined,
    });
  });

  test('shows the stack of a defect, and whatever else was thrown as text', () => {
    const defect = new TypeError('x is undefined');

    expect(errorDimensions(defect)).toMatchObject({
      error_name: 'TypeError',
      error_code: undefined,
      error_stack: defect.stack,
    });
    expect(errorDimensions('gone')).toMatchObject({
      error_name: 'string',
      error_message: 'gone',
      error_cause: undefined,
    });
    expect(errorDimensions(new Error('a', { cause: 'b' }))).toMatchObject({ error_cause: 'b' });
  });

  test('follows several causes, and ends where they go in a circle', () => {
    const refused = ['::1', '127.0.0.1'].map((host) =>
      Object.assign(new Error(`connect ${host}`), { code: 'ECONNREFUSED' }),
    );
    const error = new Error('fetch failed', { cause: new AggregateError(refused, 'both') });
    const circular = new Error('a');
    circular.cause = new Error('b', { cause: circular });

    expect(errorDimensions(error).error_cause).toBe(
      'AggregateError: both <- Error (ECONNREFUSED): connect ::1 <- Error (ECONNREFUSED): connect 127.0.0.1',
    );
    expect(errorDimensions(circular).error_cause).toBe('Error: b');
  });

  test('goes through a log whole: codes are not taken for credentials', () => {
    const { records, log } = recorded('error');

    log.error('It failed.', errorDimensions(new StorageError('no', { code: 'access_denied', kind: 'configuration' })));

    expect(records[0]?.dimensions).toEqual({
      error_name: 'StorageError',
      error_code: 'access_denied',
      error_kind: 'configuration',
      error_message: 'no',
    });
  });
});
