import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QUARANTINE_REASONS } from '../../../shared/messages/quarantine-reason';
import { messageBody, messageKeyAt } from '../../support/chat';
import { snapshot } from '../../support/export-world';
import { CliWorld, Written } from './cli-world';

const TENANT = 'acme';
const DATE = '2025-08-11';
const AT = '2025-08-11T03:00:00.000Z';
const keyOf = (id: string) => messageKeyAt(TENANT, 'alice', 'r', AT, id);

/** What a message may hold that a terminal would obey: an escape sequence, a C1 control, a turn of direction. */
const HOSTILE = '\u001b]0;owned\u0007\u009b31m\u202e';
const BROKEN = `{"message_id":"broken","role":"user",\n "content":"a, ${'\u202e'}secret" "x"}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'makoto-test-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function put(world: CliWorld, key: string, body: string | Uint8Array | object): Promise<void> {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  await world.data.write(key, bytes, { contentType: 'application/json' });
}

/** A published day with one good message and three that are none. */
async function publishedWorld(): Promise<CliWorld> {
  const world = new CliWorld();
  await world.metadata.put({ PK: 'SYSTEM#TENANTS', SK: `TENANT#${TENANT}`, tenant_id: TENANT });
  await put(world, keyOf('good'), messageBody('good', AT));
  await put(world, keyOf('broken'), BROKEN);
  await put(world, keyOf('typed'), { ...messageBody('typed', AT), agent_info: { tokens_used: 'many' } });
  await put(world, keyOf('bytes'), Uint8Array.from([...Buffer.from('{"content":"'), 0xff, 0xfe, 0x22, 0x7d]));
  const { code } = await world.run(['run', 'export', '--date', DATE]);
  expect(code).toBe(0);
  return world;
}

const show = (world: CliWorld, id: string, ...more: string[]) =>
  world.run(['quarantine', 'show', '--tenant', TENANT, '--key', keyOf(id), ...more]);

describe('quarantine list', () => {
  test('has the last days with their messages by reason', async () => {
    const world = await publishedWorld();

    const { code, stdout } = await world.run(['quarantine', 'list']);

    expect(code).toBe(0);
    expect(stdout.lines[0]).toBe('quarantine of acme from 2025-07-13 to 2025-08-12');
    expect(stdout.text).toMatch(/^2025-08-11 +3 +0 +bad_encoding 1, bad_json 1, wrong_type 1$/m);
    expect(stdout.text).not.toContain('/chat/');
  });

  test('of one date has the messages themselves, and with --json everything for a program', async () => {
    const world = await publishedWorld();

    const { stdout, stderr } = await world.run(['quarantine', 'list', '--date', DATE, '--json']);

    const day = { date: DATE, quarantined: 3, repaired: 0, staleRepairs: 0 };
    const entry = { key: keyOf('broken'), reason: 'bad_json', etag: expect.any(String), size: BROKEN.length + 2 };
    expect(stdout.lastJson).toMatchObject({
      status: 'completed',
      tenants: [{ tenant: TENANT, from: DATE, to: DATE, days: [day], unreadable: [] }],
      failures: [],
    });
    expect(stdout.lines).toHaveLength(1);
    const [{ days }] = stdout.lastJson.tenants as [{ days: [{ messages: unknown[] }] }];
    expect(days[0].messages).toEqual(expect.arrayContaining([expect.objectContaining(entry)]));
    expect(stderr.text).toContain(`    ${keyOf('broken')}`);
  });

  test('has only what was asked for: a reason, so many messages, a range', async () => {
    const world = await publishedWorld();

    const byReason = await world.run(['quarantine', 'list', '--keys', '--reason', 'wrong_type']);
    const limited = await world.run(['quarantine', 'list', '--keys', '--limit', '1']);
    const earlier = await world.run(['quarantine', 'list', '--from', '2025-08-01', '--to', '2025-08-10']);
    const otherReason = await world.run(['quarantine', 'list', '--reason', 'too_large']);

    expect(byReason.stdout.text.match(/\/chat\//g)).toHaveLength(1);
    expect(byReason.stdout.text).toContain('wrong_type: agent_info.tokens_used is a string, expected a number');
    expect(limited.stdout.text.match(/\/chat\//g)).toHaveLength(1);
    expect(limited.stdout.text).toContain('and 2 more');
    expect(earlier.stdout.lines[0]).toBe('acme has nothing in quarantine from 2025-08-01 to 2025-08-10.');
    expect(otherReason.stdout.text).toContain('nothing in quarantine');
  });

  test('makes what a key holds harmless for a terminal', async () => {
    const world = new CliWorld();
    const key = `${TENANT}/chat/a\u202eb/r/messages/2025/08/11/03-00-00.000Z-\u200b.json`;
    await put(world, key, '{');
    await world.run(['run', 'export', '--date', DATE, '--tenant', TENANT]);

    const { stdout } = await world.run(['quarantine', 'list', '--date', DATE, '--tenant', TENANT]);

    expect(stdout.text).toContain('a\\u202eb/r/messages/2025/08/11/03-00-00.000Z-\\u200b.json');
    expect(stdout.text).not.toMatch(/[\u202e\u200b]/u);
  });

  test('names a tenant that it cannot look at, and shows the others', async () => {
    const world = await publishedWorld();
    await world.metadata.put({
      PK: 'SYSTEM#TENANTS',
      SK: 'TENANT#beta',
      tenant_id: 'beta',
      time_zone: 'Nowhere/At_all',
    });

    const { code, stdout } = await world.run(['quarantine', 'list', '--json']);

    expect(code).toBe(1);
    expect(stdout.lastJson).toMatchObject({ status: 'partial', failures: [{ tenant: 'beta' }] });
    expect(stdout.lastJson.tenants).toHaveLength(1);
  });
});

describe('quarantine show', () => {
  test('has the message, why it was kept out, and the place that broke it under a mark', async () => {
    const world = await publishedWorld();

    const { code, stdout } = await show(world, 'broken');

    expect(code).toBe(0);
    expect(stdout.lines).toEqual([
      'acme on 2025-08-11',
      `  key             ${keyOf('broken')}`,
      '  quarantine      bad_json: the 66 characters are not JSON',
      expect.stringMatching(/^ {2}in storage {6}68 bytes, etag 0x\w+, the version that was quarantined$/),
      '  today           bad_json: the 66 characters are not JSON',
      '  place           line 2, column 25: expected a comma or }',
      '',
      ' 2 │  "content":"a, \\u202esecret" "x"}',
      `   │ ${' '.repeat(29)}^`,
      '',
      'The message:',
      '  {"message_id":"broken","role":"user",',
      '   "content":"a, \\u202esecret" "x"}',
      '',
    ]);
    const [line = '', mark = ''] = stdout.lines.slice(7, 9);
    expect(line[mark.indexOf('^')]).toBe('"');
    expect(line.slice(mark.indexOf('^'))).toBe('"x"}');
  });

  test('marks the bytes that are no UTF-8', async () => {
    const world = await publishedWorld();

    const { stdout } = await show(world, 'bytes');

    expect(stdout.text).toContain('place           byte 12, counted from 0: ff fe 22 7d');
  });

  test('marks the value of a field', async () => {
    const world = await publishedWorld();

    const { stdout } = await show(world, 'typed', '--json');

    expect(stdout.lastJson).toMatchObject({
      status: 'completed',
      date: DATE,
      quarantine: { reason: 'wrong_type' },
      current: { today: { verdict: 'quarantined', reason: 'wrong_type' } },
      unchanged: true,
      place: { field: 'agent_info.tokens_used', line: 1 },
      repair: null,
    });
    const { text, place } = stdout.lastJson as { text: string; place: { span: { start: number; end: number } } };
    expect(text.slice(place.span.start, place.span.end)).toBe('"many"');
  });

  test('tells what has become of it: changed, valid by now, gone', async () => {
    const world = await publishedWorld();
    await put(world, keyOf('broken'), messageBody('broken', AT));
    await world.data.delete(keyOf('typed'));

    const changed = await show(world, 'broken');
    const gone = await show(world, 'typed');

    expect(changed.stdout.text).toContain(', another version since');
    expect(changed.stdout.text).toContain('today           the contract takes it');
    expect(gone.code).toBe(0);
    expect(gone.stdout.text).toContain('in storage      it is gone');
  });

  test('lets nothing through that a terminal would obey, and writes nothing of a message to the log', async () => {
    const world = await publishedWorld();
    await put(world, keyOf('hostile'), `{"content":"${HOSTILE}`);
    await world.run(['run', 'export', '--date', DATE], { env: verbose });

    const { stdout, stderr } = await world.run(['quarantine', 'show', '--tenant', TENANT, '--key', keyOf('hostile')], {
      env: verbose,
    });

    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(stdout.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    expect(stdout.text).toContain('\\u001b]0;owned\\u0007\\u009b31m\\u202e');
    expect(stderr.text).not.toContain('owned');
  });

  test('saves it to a new file, byte for byte, and never over one that is there', async () => {
    const world = await publishedWorld();
    const file = join(folder, 'saved.json');

    const first = await show(world, 'broken', '--save', file);
    const second = await show(world, 'typed', '--save', file);

    expect(first.code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(BROKEN);
    expect(second.code).toBe(2);
    expect(second.stderr.text).toContain(`--save: ${file} is there already`);
  });

  test('says of a message that nobody knows that it is not there', async () => {
    const world = await publishedWorld();

    const unknown = await show(world, 'nobody', '--json');
    const good = await show(world, 'good');
    const foreign = await world.run(['quarantine', 'show', '--tenant', TENANT, '--key', 'other/chat/u/r/x.json']);

    expect(unknown.code).toBe(1);
    expect(unknown.stdout.lastJson).toMatchObject({ status: 'failed', quarantine: null, current: null });
    expect(good.stdout.text).toContain('quarantine      it is not in it');
    expect(foreign.code).toBe(2);
    expect(foreign.stderr.text).toContain('--key: expected the key of a message of acme');
  });

  test('shows the beginning of a long message', async () => {
    const world = await publishedWorld();
    await put(world, keyOf('long'), `{"content":"${'長'.repeat(10_000)}`);

    const { stdout } = await show(world, 'long');

    expect(stdout.text).toContain('… and 6,012 characters more: --save writes all of it to a file');
    expect(stdout.text.length).toBeLessThan(5000);
  });
});

describe('quarantine replay', () => {
  const replay = (world: CliWorld, ...args: string[]) =>
    world.run(['quarantine', 'replay', '--tenant', TENANT, ...args]);
  const copy = JSON.stringify(messageBody('broken', AT, 'corrected'));

  test('takes a corrected copy in from a file, and prints the proof before and after', async () => {
    const world = await publishedWorld();
    const file = join(folder, 'copy.json');
    await writeFile(file, copy);

    const { code, stdout } = await replay(world, '--key', keyOf('broken'), '--file', file);

    expect(code).toBe(0);
    expect(stdout.text).toMatch(/^before +4 +0 +1 +0 +3 +0$/m);
    expect(stdout.text).toMatch(/^after +4 +0 +2 +0 +2 +1$/m);
    expect(stdout.text).toMatch(/^change +0 +0 +\+1 +0 +−1 +\+1$/m);
    expect(stdout.text).toContain(`${keyOf('broken')} is no longer in the quarantine of 2025-08-11.`);
    expect((await show(world, 'broken')).stdout.text).toContain('quarantine      no longer: its corrected copy stands');
  });

  test('takes it from standard input, and back again', async () => {
    const world = await publishedWorld();
    const before = await snapshot(world.data);
    const stdin = (async function* () {
      yield Buffer.from(copy.slice(0, 5));
      yield Buffer.from(copy.slice(5));
    })();

    const taken = await world.run(
      ['quarantine', 'replay', '--tenant', TENANT, '--key', keyOf('broken'), '--file', '-', '--json'],
      { stdin },
    );
    const undone = await replay(world, '--key', keyOf('broken'), '--undo', '--json');

    expect(taken.stdout.lastJson).toMatchObject({
      status: 'completed',
      tenant: TENANT,
      key: keyOf('broken'),
      date: DATE,
      before: { listed: 4, exported: 1, quarantined: 3, repaired: 0 },
      after: { listed: 4, exported: 2, quarantined: 2, repaired: 1 },
      inQuarantine: false,
      jobs: [{ job: 'export', status: 'completed' }],
    });
    expect(undone.stdout.lastJson).toMatchObject({ status: 'completed', after: { exported: 1 }, inQuarantine: true });
    expect(await snapshot(world.data)).toEqual(before);
  });

  test('refuses a copy that is none, with the place, and writes nothing', async () => {
    const world = await publishedWorld();
    const file = join(folder, 'bad.json');
    await writeFile(file, BROKEN);
    const before = await snapshot(world.data);

    const { code, stderr, stdout } = await replay(world, '--key', keyOf('broken'), '--file', file, '--json');

    expect(code).toBe(2);
    expect(stderr.text).toContain('--file: is no valid message: bad_json');
    expect(stderr.text).toContain('line 2, column 25: expected a comma or }');
    expect(stdout.lastJson).toMatchObject({ status: 'failed', error: { code: 'input_invalid' } });
    expect(await snapshot(world.data)).toEqual(before);
  });

  test('without a key runs the days whose messages are valid by now, and leaves the others alone', async () => {
    const world = await publishedWorld();
    const before = await snapshot(world.data);
    const nothing = await replay(world);
    expect(await snapshot(world.data)).toEqual(before);
    await put(world, keyOf('broken'), copy);

    const dry = await replay(world, '--dry-run', '--json');
    const real = await replay(world, '--json');

    expect(nothing.code).toBe(0);
    expect(nothing.stdout.text).toMatch(/^2025-08-11 +3 +0 +0 +left as it is$/m);
    expect(dry.stdout.lastJson).toMatchObject({ status: 'completed', judged: [{ date: DATE, valid: 1 }], days: [] });
    expect(real.stdout.lastJson).toMatchObject({
      status: 'completed',
      days: [{ date: DATE, before: { exported: 1 }, after: { exported: 2, quarantined: 2 } }],
    });
    expect(real.stderr.text).toMatch(/^2025-08-11 +3 +1 +0 +run again$/m);
  });

  test('stops at a day that fails, and says which are left', async () => {
    const world = await publishedWorld();
    const next = '2025-08-12T01:00:00.000Z';
    await put(world, messageKeyAt(TENANT, 'alice', 'r', next, 'next'), '{');
    await world.run(['run', 'export', '--date', '2025-08-12']);
    await put(world, keyOf('broken'), copy);
    await put(world, messageKeyAt(TENANT, 'alice', 'r', next, 'next'), messageBody('next', next));
    await put(world, `${TENANT}/analytics/_repairs/${DATE}/stranger.json`, '{}');
    const judging = await replay(world, '--dry-run');
    expect([judging.code, judging.stderr.text]).toEqual([1, expect.stringContaining('repair_unreadable')]);
    await world.data.delete(`${TENANT}/analytics/_repairs/${DATE}/stranger.json`);
    const write = world.data.write.bind(world.data);
    world.data.write = async (key, ...rest) => {
      if (key.includes('/_plans/2025-08-11/')) throw new Error('The disk is full.');
      return write(key, ...rest);
    };

    const { code, stdout } = await replay(world, '--json');

    expect(code).toBe(1);
    expect(stdout.lastJson).toMatchObject({ status: 'failed', days: [{ date: DATE }] });
    world.data.write = write;
    const { stdout: mended } = await replay(world, '--json');
    expect(mended.lastJson).toMatchObject({ status: 'completed', days: [{ date: DATE }, { date: '2025-08-12' }] });
  });

  test.each([
    [['--file', 'x'], '--file: belongs to --key'],
    [['--undo'], '--undo: belongs to --key'],
    [['--key', 'k'], '--key: expected either --file or --undo with it'],
    [['--key', 'k', '--file', 'x', '--undo'], '--key: expected either --file or --undo with it'],
    [['--key', 'k', '--undo', '--dry-run'], '--dry-run: does not go with --key'],
    [['--key', 'k', '--undo', '--from', DATE], '--from: expected one --date with --key, or none'],
    [['--key', keyOf('broken'), '--file', '/nowhere/x.json'], '--file: there is no file /nowhere/x.json'],
    [['--key', keyOf('broken'), '--file', '-'], '--file: there is no standard input to read'],
    [['--from', DATE], '--to: is missing: from needs it'],
    [['--from', DATE, '--to', '2025-08-10'], '--to: expected a date from 2025-08-11 on'],
    [['--date', 'yesterday'], '--date: expected a date'],
  ])('with %j says %s', async (args, words) => {
    const { code, stderr } = await replay(await publishedWorld(), ...args);

    expect(code).toBe(2);
    expect(stderr.text).toContain(words);
  });
});

test('the command says what there is', async () => {
  const stdout = new Written();

  const { code } = await new CliWorld().run(['quarantine', 'list', '--help'], { stdout });

  expect(code).toBe(0);
  for (const reason of QUARANTINE_REASONS) expect(stdout.text).toContain(`"${reason}"`);
});

const verbose = {
  AZURE_STORAGE_ACCOUNT_URL: 'https://example.blob.core.windows.net',
  COSMOS_ENDPOINT: 'https://example.documents.azure.com:443',
  TENANT_ID: '*',
  LOG_LEVEL: 'debug',
};
