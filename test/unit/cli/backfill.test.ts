import { messageBody, messageKeyAt } from '../../support/chat';
import { CliWorld, ENVIRONMENT, Written } from './cli-world';

const RANGE = ['--from', '2025-08-09', '--to', '2025-08-11'];

/** A tenant with a message on each of three days. */
async function worldWithDays(): Promise<CliWorld> {
  const world = new CliWorld();
  await world.metadata.put({ PK: 'SYSTEM#TENANTS', SK: 'TENANT#acme', tenant_id: 'acme' });
  await world.metadata.put({ PK: 'TENANT#acme', SK: 'USER#alice' });
  await world.metadata.put({
    PK: 'TENANT#acme#USER#alice',
    SK: 'CHAT#r',
    updated_at: '2025-08-11T03:00:00Z',
    title: 'r',
  });
  for (const day of ['09', '10', '11']) {
    const at = `2025-08-${day}T03:00:00.000Z`;
    const body = Buffer.from(JSON.stringify(messageBody(`m${day}`, at)));
    await world.data.write(messageKeyAt('acme', 'alice', 'r', at, `m${day}`), body, {
      contentType: 'application/json',
    });
  }
  return world;
}

describe('backfill in this process', () => {
  test('says what it will do, then does it, the oldest day first, and tells how it gets on', async () => {
    const world = await worldWithDays();

    const { code, stdout, stderr } = await world.run(['backfill', ...RANGE, '--yes']);

    expect(code).toBe(0);
    expect(stdout.text).toMatch(
      /^backfill of 2025-08-09 to 2025-08-11, 1 tenant: 3 tenant-days to do on 3 days\n {2}2 days at a time, the oldest first\n {2}about 3 messages, \d+ requests, \d+ s\n {2}under 0\.01 USD at the example prices/,
    );
    expect(stdout.text).toContain('  estimated from a look at one day of 1 tenant\n');
    expect(stdout.text).toMatch(
      /backfill of 2025-08-09 to 2025-08-11: completed\n {2}3 days done; 3 messages exported\n/,
    );
    const days = stderr.lines.filter((line) => /^2025/.test(line));
    expect(days.map((line) => line.slice(0, 38)).sort()).toEqual([
      '2025-08-09 completed, 1 message; backf',
      '2025-08-10 completed, 1 message; backf',
      '2025-08-11 completed, 1 message; backf',
    ]);
  });

  test('has nothing to do where every day is published', async () => {
    const world = await worldWithDays();
    await world.run(['backfill', ...RANGE, '--yes']);

    const { code, stdout } = await world.run(['backfill', ...RANGE, '--json']);

    expect(code).toBe(0);
    expect(stdout.lastJson).toMatchObject({
      status: 'completed',
      plan: { tenantDays: { toDo: 0, published: 3, notBegun: 0 } },
    });
  });

  test('asks before it starts, and starts only for a yes', async () => {
    const world = await worldWithDays();
    const questions: string[] = [];
    const answering = (answer: string) => async (question: string) => {
      questions.push(question);
      return answer;
    };

    const no = await world.run(['backfill', ...RANGE, '--json'], { ask: answering('') });
    const { items } = await world.metadata.query({ partition: 'TENANT#acme#BATCH' });
    const yes = await world.run(['backfill', ...RANGE, '--json'], { ask: answering('Y') });

    expect(no.code).toBe(1);
    expect(no.stdout.lastJson).toMatchObject({ status: 'not_started' });
    expect(items).toEqual([]);
    expect(yes.code).toBe(0);
    expect(yes.stdout.lastJson).toMatchObject({
      status: 'completed',
      days: { completed: 3, failed: 0, left: 0 },
      messages: 3,
    });
    expect(questions).toEqual(['Start? [y/N] ', 'Start? [y/N] ']);
  });

  test('where nobody can be asked it shows the estimate, starts nothing, and says what is missing', async () => {
    const world = await worldWithDays();

    const { code, stdout, stderr } = await world.run(['backfill', ...RANGE]);

    expect(code).toBe(2);
    expect(stdout.text).toContain('3 tenant-days to do');
    expect(stderr.text).toContain('--yes: is missing: nobody is there to be asked');
    expect((await world.metadata.query({ partition: 'TENANT#acme#BATCH' })).items).toEqual([]);
  });

  test('that is not completed names what is not done, and the command that goes on', async () => {
    const world = await worldWithDays();
    const key = messageKeyAt('acme', 'alice', 'r', '2025-08-10T03:00:00.000Z', 'm10');
    const read = world.data.read.bind(world.data);
    world.data.read = async (wanted, options) => {
      if (wanted === key) throw new TypeError('A defect of the test.');
      return read(wanted, options);
    };

    const { code, stdout } = await world.run(['backfill', ...RANGE, '--yes', '--tenant', 'acme', '--concurrency', '1']);

    expect(code).toBe(1);
    expect(stdout.text).toContain('2 days done, 1 failed; 2 messages exported\n');
    expect(stdout.text).toContain('2025-08-10 acme failed: internal_error (permanent)\n');
    expect(stdout.text).toContain('\nNot done: 2025-08-10\n');
    expect(stdout.text).toContain(
      '  makoto-batch backfill --from 2025-08-10 --to 2025-08-10 --tenant acme --concurrency 1\n',
    );
  });

  test('that is interrupted finishes the days under way, and begins no other', async () => {
    const world = await worldWithDays();
    let interrupt = () => {};
    const stdout = new Written();
    const stderr = new Written();
    const write = stderr.write.bind(stderr);
    stderr.write = (text) => {
      write(text);
      if (text.startsWith('2025-08-09 completed')) interrupt();
    };
    const onInterrupt = (listener: () => void) => {
      interrupt = listener;
      return () => undefined;
    };

    const { code } = await world.run(['backfill', ...RANGE, '--yes', '--concurrency', '1'], {
      stdout,
      stderr,
      onInterrupt,
    });

    expect(code).toBe(1);
    expect(stderr.text).toContain('No further day is begun');
    expect(stdout.text).toContain('1 day done, 2 not begun; 1 message exported');
    expect(stdout.text).toContain('makoto-batch backfill --from 2025-08-10 --to 2025-08-11 --concurrency 1');
  });

  test.each<[args: readonly string[], problem: string]>([
    [['--from', '2025-08-11'], "required option '--to <date>' not specified"],
    [['--from', '2025-08-11', '--to', '2025-08-01'], '--from: expected a date not after'],
    [[...RANGE, '--concurrency', 'many'], '--concurrency: expected a whole number from 1 to 16'],
    [[...RANGE, '--tenant', 'a/b'], '--tenant: '],
    [[...RANGE, '--url', 'ftp://x'], '--url: expected the address of the function app'],
  ])('refuses wrong arguments with exit code 2: %p', async (args, problem) => {
    const { code, stderr } = await new CliWorld().run(['backfill', ...args], {
      env: { ...ENVIRONMENT, BATCH_KEY: 'key' },
    });

    expect(code).toBe(2);
    expect(stderr.text).toContain(problem);
  });
});

const URL = 'https://app.example.net';
const KEY = 'the-key-of-the-app';
const REMOTE = { BATCH_URL: URL, BATCH_KEY: KEY };
const ID = 'backfill-2025-08-09-2025-08-11';

const PLAN = {
  ...{ id: ID, from: '2025-08-09', to: '2025-08-11', concurrency: 2, days: 3, tenants: 1, refused: [] },
  tenantDays: { toDo: 3, published: 0, notBegun: 0 },
  estimate: {
    ...{ messages: 300, requests: 321, seconds: 60, usd: 0.02 },
    parts: { compute: 0.005, storage: 0.015, metadata: 0 },
    from: { records: 1, look: 0, others: 0 },
  },
};
const REPORT = {
  ...{ from: '2025-08-09', to: '2025-08-11', status: 'completed', messages: 300 },
  days: { completed: 3, failed: 0, left: 0 },
  notDone: [],
  failures: [],
};
const running = (done: number) => ({
  status: 202,
  body: { id: ID, status: 'running', progress: { days: 3, done, failed: 0, current: ['2025-08-11'] } },
});
const ENDED = { status: 200, body: { id: ID, status: 'completed', report: REPORT } };

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly key: string | null;
  readonly body: Record<string, unknown>;
}

type Reply = { readonly status: number; readonly body?: unknown; readonly text?: string } | Error;

/** The app as `fetch` reaches it: each answer in turn, the last one again and again. */
function appWith(replies: readonly Reply[]): { readonly fetch: typeof fetch; readonly sent: Sent[] } {
  const sent: Sent[] = [];
  const answer = async (input: Parameters<typeof fetch>[0], init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    const body = typeof init.body === 'string' ? JSON.parse(init.body) : {};
    sent.push({ url: String(input), method: init.method ?? 'GET', key: headers.get('x-functions-key'), body });
    const reply = replies[Math.min(sent.length, replies.length) - 1];
    if (reply === undefined || reply instanceof Error) throw reply ?? new Error('There is no reply.');
    return new Response(reply.text ?? JSON.stringify(reply.body), { status: reply.status });
  };
  return { fetch: answer, sent };
}

const PLANNED: Reply = { status: 200, body: PLAN };
const STARTED: Reply = { status: 202, body: { id: ID } };

describe('backfill by the orchestrator', () => {
  test('asks the app for the estimate, has it start, and follows it to its end', async () => {
    const { fetch, sent } = appWith([PLANNED, STARTED, running(1), running(2), ENDED]);

    const { code, stdout, stderr } = await new CliWorld().run(
      ['backfill', ...RANGE, '--yes', '--tenant', 'acme', '--force'],
      { env: REMOTE, fetch },
    );

    const body = { from: '2025-08-09', to: '2025-08-11', tenants: ['acme'], concurrency: 2, force: true };
    expect(code).toBe(0);
    expect(sent.slice(0, 3)).toEqual([
      { url: `${URL}/api/backfills`, method: 'POST', key: KEY, body: { ...body, dryRun: true } },
      { url: `${URL}/api/backfills`, method: 'POST', key: KEY, body },
      { url: `${URL}/api/runs/${ID}`, method: 'GET', key: KEY, body: {} },
    ]);
    expect(sent).toHaveLength(5);
    expect(stdout.text).toContain('3 tenant-days to do on 3 days');
    expect(stdout.text).toContain('(compute under 0.01 USD, storage 0.01 USD)');
    expect(stdout.text).toContain('3 days done; 300 messages exported');
    expect(stderr.text).toMatch(/1 of 3 days.*\n.*2 of 3 days/);
    expect(stdout.text + stderr.text).not.toContain(KEY);
  });

  test('needs no settings but the address and the key', async () => {
    const { fetch, sent } = appWith([PLANNED]);

    const { code } = await new CliWorld().run(['backfill', ...RANGE, '--url', 'http://localhost:7071/api/'], {
      env: { BATCH_KEY: KEY },
      fetch,
      ask: async () => 'n',
    });

    expect(code).toBe(1);
    expect(sent.map(({ url }) => url)).toEqual(['http://localhost:7071/api/backfills']);
  });

  test('that is under way already is followed, not started again', async () => {
    const { fetch } = appWith([PLANNED, { status: 409, body: { id: ID, error: 'under way' } }, running(1), ENDED]);

    const { code, stderr } = await new CliWorld().run(['backfill', ...RANGE, '--yes'], { env: REMOTE, fetch });

    expect(code).toBe(0);
    expect(stderr.text).toContain(`${ID} is under way already`);
  });

  test('that ends otherwise than completed is no success, and names the command that goes on', async () => {
    const days = { completed: 1, failed: 2, left: 0 };
    const failures = [
      { date: '2025-08-10', tenant: 'acme', kind: 'transient', code: 'storage_unavailable', message: 'Down.' },
    ];
    const report = { ...REPORT, status: 'partial', days, notDone: [['2025-08-10', '2025-08-11']], failures };
    const { fetch } = appWith([PLANNED, STARTED, { status: 500, body: { id: ID, status: 'partial', report } }]);

    const { code, stdout } = await new CliWorld().run(['backfill', ...RANGE, '--yes', '--json'], {
      env: REMOTE,
      fetch,
    });

    expect(code).toBe(1);
    expect(stdout.lastJson).toMatchObject({
      status: 'partial',
      next: `makoto-batch backfill --from 2025-08-10 --to 2025-08-11 --concurrency 2 --url ${URL}`,
    });
  });

  test('goes on when nobody looks on: an interrupt says so', async () => {
    const { fetch, sent } = appWith([PLANNED, STARTED, running(1)]);
    const world = new CliWorld();
    let interrupt = () => {};
    const onInterrupt = (listener: () => void) => {
      interrupt = listener;
      return () => undefined;
    };
    const interrupting: typeof fetch = async (...call) => {
      const response = await fetch(...call);
      if (sent.length === 4) interrupt();
      return response;
    };

    const { code, stdout, stderr } = await world.run(['backfill', ...RANGE, '--yes', '--json'], {
      env: REMOTE,
      fetch: interrupting,
      onInterrupt,
    });

    expect(code).toBe(1);
    expect(stderr.text).toContain(`The backfill goes on at ${URL} as ${ID}.`);
    expect(stdout.lastJson).toMatchObject({ status: 'running', id: ID });
    expect(sent).toHaveLength(4);
  });

  test('that was ended from outside, without a report, is no success', async () => {
    const { fetch } = appWith([PLANNED, STARTED, { status: 500, body: { id: ID, status: 'terminated' } }]);

    const { code, stdout } = await new CliWorld().run(['backfill', ...RANGE, '--yes'], { env: REMOTE, fetch });

    expect(code).toBe(1);
    expect(stdout.text).toContain(`${ID} has ended as terminated without a report.`);
  });

  test('is looked at again where a look fails, and given up after many', async () => {
    const lost = Object.assign(new TypeError('fetch failed'), {
      cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }),
    });
    const once = appWith([PLANNED, STARTED, lost, { status: 503, text: 'busy' }, ENDED]);
    const always = appWith([PLANNED, STARTED, lost]);

    const again = await new CliWorld().run(['backfill', ...RANGE, '--yes'], { env: REMOTE, fetch: once.fetch });
    const never = await new CliWorld().run(['backfill', ...RANGE, '--yes'], { env: REMOTE, fetch: always.fetch });

    expect(again.code).toBe(0);
    expect(never.code).toBe(1);
    expect(never.stderr.text).toContain(`${URL} cannot be reached: ECONNRESET.`);
    expect(never.stderr.text).toContain('The backfill goes on at');
  });
});

describe('an app that does not answer as it should', () => {
  const refused = Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error('no'), { code: 'ECONNREFUSED' }),
  });
  const late = Object.assign(new Error('late'), { name: 'TimeoutError' });

  test.each<[what: string, reply: Reply, code: number, text: string]>([
    ['nobody there', refused, 1, `${URL} cannot be reached: ECONNREFUSED.`],
    ['nothing in time', late, 1, `${URL} did not answer in time.`],
    ['a wrong key', { status: 401, text: '' }, 1, `${URL} refuses the key in BATCH_KEY (401)`],
    ['a key without the right', { status: 403, text: '' }, 1, `${URL} refuses the key in BATCH_KEY (403)`],
    ['another app', { status: 404, text: 'Not found' }, 1, `${URL} has no /api/backfills`],
    ['a bad field', { status: 400, body: { fields: { tenants: 'holds "/"' } } }, 2, '--tenant: holds "/"'],
    ['a page', { status: 200, text: '<html>' }, 1, `${URL} answers with something else than the batch would`],
    [
      'another JSON',
      { status: 200, body: { hello: 1 } },
      1,
      'something else than the batch would (tenantDays, estimate)',
    ],
    [
      'an error',
      { status: 500, body: { error: 'x', failure: { message: 'The registry has none.' } } },
      1,
      'with 500: The registry has none.',
    ],
  ])('is explained: %s', async (_what, reply, code, text) => {
    const { fetch } = appWith([reply]);

    const ended = await new CliWorld().run(['backfill', ...RANGE, '--yes'], { env: REMOTE, fetch });

    expect(ended.code).toBe(code);
    expect(ended.stderr.text).toContain(text);
    expect(ended.stdout.text + ended.stderr.text).not.toContain(KEY);
  });

  test.each<[what: string, env: Readonly<Record<string, string>>, text: string]>([
    ['no key', { BATCH_URL: URL }, 'BATCH_KEY is not set'],
    ['a key that is none', { BATCH_URL: URL, BATCH_KEY: 'two\nlines' }, 'BATCH_KEY holds what no key has'],
    [
      'an address without encryption',
      { BATCH_URL: 'http://app.example.net', BATCH_KEY: KEY },
      '--url: expected the address',
    ],
    [
      'an address with a password in it',
      { BATCH_URL: 'https://me:secret@app.example.net', BATCH_KEY: KEY },
      '--url: expected the address',
    ],
  ])('is not asked at all with %s', async (_what, env, text) => {
    const { fetch, sent } = appWith([]);

    const { code, stderr } = await new CliWorld().run(['backfill', ...RANGE, '--yes'], { env, fetch });

    expect(code).toBe(2);
    expect(stderr.text).toContain(text);
    expect(stderr.text).not.toContain('secret');
    expect(sent).toEqual([]);
  });
});
