import fc from 'fast-check';
import { EVENT_EXAMPLE, EventError, requestOfEvent } from '../../../aws-fallback/events';
import { loadSettings, settingsTable } from '../../../shared/settings';
import { FUNCTION_SETTINGS } from './aws-world';

/** 02:00 in Tokyo on 12 August. */
const NOW = Date.parse('2025-08-11T17:00:00Z');
const SCHEDULED = { job: 'export', date: '2025-08-11', scheduledAt: '2025-08-11T17:00:00.000Z', force: false };

const WITH_YOUTUBE = { DB_HOST: 'db.example.com', YOUTUBE_API_KEY: 'a-key-of-the-api' };

function requestOf(event: unknown, env: Readonly<Record<string, string>> = WITH_YOUTUBE) {
  const settings = loadSettings({ ...FUNCTION_SETTINGS, ...env });
  return requestOfEvent(event, { settings, clock: { now: () => NOW } });
}

function refusal(event: unknown, env?: Readonly<Record<string, string>>): EventError {
  try {
    requestOf(event, env);
  } catch (error) {
    if (error instanceof EventError) return error;
    throw error;
  }
  throw new Error('The event was taken.');
}

/** As EventBridge sends the event of a rule that has no input of its own. */
function ruleEvent(rule: string, more: object = {}): object {
  return {
    version: '0',
    id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '123456789012',
    time: '2025-08-11T17:00:00Z',
    region: 'ap-northeast-1',
    resources: [`arn:aws:events:ap-northeast-1:123456789012:rule/${rule}`],
    detail: {},
    ...more,
  };
}

/** As EventBridge sends what a person has put. */
function put(detail: unknown, more: object = {}): object {
  return {
    ...ruleEvent('any'),
    source: 'batch-scheduler',
    'detail-type': 'manual-trigger',
    resources: [],
    detail,
    ...more,
  };
}

describe('a schedule', () => {
  test('means the day before its own, by the constant input of its target', () => {
    expect(requestOf({ job: 'export' })).toEqual(SCHEDULED);
    expect(requestOf({ job: 'youtube' })).toMatchObject({ job: 'youtube', date: '2025-08-12' });
  });

  test('that says when it was is about that day, however late its event comes', () => {
    expect(requestOf({ job: 'export', scheduled_at: '2025-08-10T17:00:00Z' })).toEqual({
      ...SCHEDULED,
      date: '2025-08-10',
      scheduledAt: '2025-08-10T17:00:00.000Z',
    });
  });

  test('counts the day as the settings do', () => {
    expect(requestOf({ job: 'export' }, { TARGET_DATE_OFFSET: '-3' })).toMatchObject({ date: '2025-08-09' });
  });

  test.each([
    ['makoto-daily-batch-export', 'export'],
    ['Youtube_noon', 'youtube'],
  ])('without an input, of the rule %s, is of the job %s', (rule, job) => {
    expect(requestOf(ruleEvent(rule))).toMatchObject({ job, scheduledAt: '2025-08-11T17:00:00.000Z' });
  });

  test('of EventBridge Scheduler, whose detail is a text, is taken too', () => {
    const resources = ['arn:aws:scheduler:ap-northeast-1:123456789012:schedule/default/makoto-export'];

    expect(requestOf(ruleEvent('', { source: 'aws.scheduler', resources, detail: '{}' }))).toEqual(SCHEDULED);
  });

  test.each(['nightly', 'export-and-youtube'])('whose name %s tells no job is refused', (rule) => {
    expect(refusal(ruleEvent(rule)).fields).toEqual({ resources: expect.stringContaining('{"job": "export"}') });
  });
});

describe('a manual trigger and a direct invocation', () => {
  const asked = { job: 'export', target_date: '2025-08-01', tenants: ['acme', 'acme', 'zoo'], force: true };
  const request = { job: 'export', date: '2025-08-01', tenants: ['acme', 'zoo'], force: true };

  test('ask for the same in the same words', () => {
    expect(requestOf(asked)).toEqual(request);
    expect(requestOf(put(asked))).toEqual(request);
  });

  test('are refused with what is wrong by field, and a right one', () => {
    const wrong = {
      job: 'exports',
      target_date: '2025-8-1',
      tenants: 'acme',
      force: 'no',
      when: 1,
      date: '2025-08-01',
    };

    const { fields, message, code, kind } = refusal(wrong);

    expect(Object.keys(fields).sort()).toEqual(['date', 'force', 'job', 'target_date', 'tenants', 'when']);
    expect(fields).toMatchObject({
      job: 'expected one of export, youtube',
      when: 'is not a known field',
      date: 'is called target_date here',
    });
    expect(message).toContain(EVENT_EXAMPLE);
    expect([code, kind]).toEqual(['input_invalid', 'permanent']);
    expect(Object.keys(refusal(put(wrong)).fields).every((name) => name.startsWith('detail.'))).toBe(true);
  });

  test.each([
    ['TargetDateOffset', 'TARGET_DATE_OFFSET'],
    ['tenant_id', 'TENANT_ID'],
    ['TenantId', 'TENANT_ID'],
    ['S3BucketName', 'S3_BUCKET_NAME'],
  ])('with the old parameter %s are told which setting it is', (name, setting) => {
    expect(refusal({ job: 'export', [name]: 'x' }).fields[name]).toContain(setting);
    expect(settingsTable.map((row) => row.name)).toContain(setting);
  });

  test.each([
    [{ job: 'youtube', target_date: '2025-08-01' }, 'target_date'],
    [{ job: 'export', target_date: '2025-08-01', scheduled_at: '2025-08-10T17:00:00Z' }, 'scheduled_at'],
    [{ job: 'export', scheduled_at: 'yesterday' }, 'scheduled_at'],
    [{ job: 'export', scheduled_at: '2025-08-10T17:00:00' }, 'scheduled_at'],
    [{ job: 'export', tenants: ['../acme'] }, 'tenants'],
    [{ job: 'export', tenants: null }, 'tenants'],
    [{ job: 'export', from: '2025-08-01', to: '2025-08-02' }, 'from'],
  ])('%j is refused for its %s', (event, field) => {
    expect(Object.keys(refusal(event).fields)).toContain(field);
  });

  test('for a job that is not set up are told what it lacks', () => {
    expect(refusal({ job: 'youtube' }, {}).fields.job).toContain('DB_HOST is not set');
  });

  test.each([
    [put({ job: 'export' }, { source: 'my.app' }), ['source']],
    [put({ job: 'export' }, { 'detail-type': 'Object Created' }), ['detail-type']],
    [put('export'), ['detail']],
    [{ source: 'aws.s3' }, ['detail', 'detail-type', 'source']],
  ])('in an envelope of something else are refused', (event, fields) => {
    expect(Object.keys(refusal(event).fields).sort()).toEqual(fields);
  });
});

test('whatever else comes is refused by an EventError, never taken and never thrown over', () => {
  const example: unknown = JSON.parse(EVENT_EXAMPLE);

  fc.assert(
    fc.property(fc.anything(), (event) => {
      expect(refusal(event).message).toContain(EVENT_EXAMPLE);
    }),
  );
  expect(requestOf(example)).toMatchObject({ job: 'export' });
});

test('an event with many wrong fields is told in a few lines', () => {
  const event = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`field-${at}`, at]));

  const { message } = refusal(event);

  expect(message).toContain('and 491 more');
  expect(message.length).toBeLessThan(1_000);
});
