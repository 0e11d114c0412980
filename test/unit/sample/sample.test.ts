import fc from 'fast-check';
import { type ExpectedCounts, makeSample, type Sample } from '../../../local/sample/sample';
import { SAMPLE_TENANTS } from '../../../local/sample/tenants';
import { addDays, businessDay, epochDay, utcFolders } from '../../../shared/calendar';
import { AuditShare } from '../../../shared/messages/audit-share';
import { judgeMessage, type Message, type Verdict } from '../../../shared/messages/contract';
import { folderMidnight, readMessageKey } from '../../../shared/messages/message-key';
import { isInDay } from '../../../shared/messages/room-day';
import { parseTimestamp } from '../../../shared/messages/timestamp';

const date = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
  .map((instant) => instant.toISOString().slice(0, 10));

/** What the batch's own contract makes of a sample, one object after another. */
interface Judged {
  readonly tenant: string;
  readonly room: string;
  readonly verdict: Verdict;
  readonly place: 'day' | 'outside' | 'unlisted';
}

function judge({ objects, dates }: Sample): Judged[] {
  return objects.map(({ key, body }) => {
    const [tenant = '', , user = '', room = '', , year, month, day] = key.split('/');
    const { timeZone = '' } = SAMPLE_TENANTS.find(({ id }) => id === tenant) ?? {};
    const businessDate = businessDay(dates[tenant] ?? '', timeZone);
    const folder = `${year}/${month}/${day}`;
    const prefix = `${tenant}/chat/${user}/${room}/messages/${folder}/`;
    const verdict = judgeMessage(readMessageKey(key, { user, room }, prefix, folderMidnight(folder)), body);
    const place = !utcFolders(businessDate).includes(folder)
      ? 'unlisted'
      : isInDay(verdict.placedMs, businessDate)
        ? 'day'
        : 'outside';
    return { tenant, room: `${user}/${room}`, verdict, place };
  });
}

function countsOf(judged: readonly Judged[]): ExpectedCounts {
  const listed = judged.filter(({ place }) => place !== 'unlisted');
  const inDay = listed.filter(({ place }) => place === 'day');
  const valid = inDay.filter(({ verdict }) => verdict.kind === 'valid');
  const distinct = new Set(valid.map(({ room, verdict }) => `${room}/${messageOf(verdict)?.messageId}`));
  return {
    listed: listed.length,
    outside: listed.length - inDay.length,
    exported: distinct.size,
    duplicates: valid.length - distinct.size,
    quarantined: inDay.length - valid.length,
  };
}

function messageOf(verdict: Verdict): Message | undefined {
  return verdict.kind === 'valid' ? verdict.message : undefined;
}

function bodies({ objects }: Sample): Record<string, unknown>[] {
  return objects.flatMap(({ body }) => {
    try {
      return [JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body)) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
}

const sample = makeSample({ dateIn: () => '2025-08-11' });

test('the same options make the same bytes, and another seed others', () => {
  const again = makeSample({ dateIn: () => '2025-08-11' });
  const other = makeSample({ dateIn: () => '2025-08-11', seed: 'another' });

  expect(again.items).toEqual(sample.items);
  expect(again.objects.map(({ key, body }) => [key, Buffer.from(body).toString('hex')])).toEqual(
    sample.objects.map(({ key, body }) => [key, Buffer.from(body).toString('hex')]),
  );
  expect(other.objects.map(({ key }) => key)).not.toEqual(sample.objects.map(({ key }) => key));
});

test('there are three tenants and about 2,500 messages, under distinct keys', () => {
  expect(Object.keys(sample.expected)).toHaveLength(3);
  expect(sample.objects.length).toBeGreaterThan(2400);
  expect(sample.objects.length).toBeLessThan(2600);
  expect(new Set(sample.objects.map(({ key }) => key)).size).toBe(sample.objects.length);
});

test('on any date, by any seed, the counts are those that the contract comes to, and they add up', () => {
  fc.assert(
    fc.property(date, date, fc.string({ maxLength: 8 }), (inTokyo, inNewYork, seed) => {
      const made = makeSample({ dateIn: (zone) => (zone === 'Asia/Tokyo' ? inTokyo : inNewYork), seed });

      const judged = judge(made);

      for (const [tenant, expected] of Object.entries(made.expected)) {
        const { listed, outside, exported, duplicates, quarantined } = expected;
        expect(countsOf(judged.filter((each) => each.tenant === tenant))).toEqual(expected);
        expect(listed).toBe(outside + exported + duplicates + quarantined);
        for (const count of Object.values(expected)) expect(count).toBeGreaterThan(0);
      }
    }),
    { numRuns: 12 },
  );
});

test('every reason that a chat client can cause for a quarantine is there, and every notice', () => {
  const judged = judge(sample).filter(({ place }) => place === 'day');
  const reasons = judged.flatMap(({ verdict }) => (verdict.kind === 'quarantined' ? [verdict.reason] : []));
  const messages = judged.flatMap(({ verdict }) => messageOf(verdict) ?? []);

  expect(new Set(reasons)).toEqual(
    new Set(['bad_json', 'wrong_type', 'bad_timestamp', 'bad_encoding', 'key_mismatch', 'missing_field']),
  );
  expect(messages.some(({ clockSkew }) => clockSkew)).toBe(true);
  expect(messages.some(({ replacedSurrogates, content }) => replacedSurrogates && content.includes('\ufffd'))).toBe(
    true,
  );
  expect(messages.some(({ unknownFields }) => unknownFields.length > 0)).toBe(true);
  expect(messages.some(({ key }) => key.timeMs === undefined)).toBe(true);
});

test('every shape of the writers in the field is there', () => {
  const all = bodies(sample);
  const some = (holds: (body: Record<string, unknown>) => boolean) => expect(all.some(holds)).toBe(true);
  const filled = (value: unknown) => Array.isArray(value) && value.length > 0;

  some(({ message_id, id }) => message_id === undefined && typeof id === 'string');
  some(({ user_id }) => user_id === undefined);
  some(({ timestamp }) => timestamp === undefined);
  some(({ timestamp }) => /T[\d:.]+Z$/.test(String(timestamp)));
  some(({ timestamp }) => /T[\d:.]+$/.test(String(timestamp)));
  some(({ timestamp }) => /T[\d:.]+\+09:00$/.test(String(timestamp)));
  some(({ timestamp }) => /T[\d:.]+-04:00$/.test(String(timestamp)));
  some(({ images }) => filled(images));
  some(({ generated_images }) => filled(generated_images));
  some(({ crawl_sources }) => filled(crawl_sources));
  some(({ attachments }) => filled(attachments));
  some(({ agent_info }) => typeof agent_info === 'object');
  some(({ context }) => typeof context === 'object' && context !== null && 'rag_sources' in context);
  some(({ content }) => /[\u3040-\u30ff]/.test(String(content)));
  some(({ content }) => /\p{Extended_Pictographic}/u.test(String(content)));
});

test('each tenant’s day has messages in both of its UTC folders', () => {
  for (const { id, timeZone } of SAMPLE_TENANTS) {
    const folders = utcFolders(businessDay('2025-08-11', timeZone));
    const inDay = judge(sample).filter(({ tenant, place }) => tenant === id && place === 'day');
    const used = inDay.map(({ verdict }) => new Date(verdict.placedMs).toISOString().slice(0, 10).replaceAll('-', '/'));

    expect(folders).toHaveLength(2);
    expect([...new Set(used)].sort()).toEqual(folders);
  }
});

test('metadata names two of the tenants’ zones by silence and one by its name', () => {
  const registry = sample.items.filter(({ PK }) => PK === 'SYSTEM#TENANTS');

  expect(registry.map(({ SK, time_zone }) => [SK, time_zone])).toEqual([
    ['TENANT#hinata-books', undefined],
    ['TENANT#hudson-kitchen', 'America/New_York'],
    ['TENANT#minato-travel', undefined],
  ]);
});

test('on any date the rooms that metadata misleads about are those of users whose turn in the audit it is', () => {
  fc.assert(
    fc.property(date, (day) => {
      const share = new AuditShare(0.142857, epochDay(day));
      const made = makeSample({ dateIn: () => day });
      const known = new Map(made.items.map((item) => [`${item.PK}/${item.SK}`, item]));

      for (const { id, timeZone } of SAMPLE_TENANTS) {
        const { start } = businessDay(day, timeZone);
        const rooms = new Set(
          made.objects
            .filter(({ key }) => key.startsWith(`${id}/`))
            .filter(({ key }) => !key.includes(`/${addDays(day, -12).replaceAll('-', '/')}/`))
            .filter(({ key }) => !key.includes(`/${addDays(day, -13).replaceAll('-', '/')}/`))
            .filter(({ key }) => !key.includes(`/${addDays(day, -11).replaceAll('-', '/')}/`))
            .map(({ key }) => key.split('/').slice(2, 4).join('/')),
        );
        const misled = [...rooms].filter((room) => {
          const [user, name] = room.split('/');
          const updated = parseTimestamp(String(known.get(`TENANT#${id}#USER#${user}/CHAT#${name}`)?.updated_at));
          return updated === undefined || updated < start;
        });
        expect(misled).toHaveLength(2);
        for (const room of misled) expect(share.includes(room.split('/')[0] ?? '')).toBe(true);
        const unknown = misled.filter((room) => !known.has(`TENANT#${id}/USER#${room.split('/')[0]}`));
        expect(unknown).toHaveLength(1);
      }
    }),
    { numRuns: 10 },
  );
});

test('every room’s record tells how many messages lie below it', () => {
  for (const item of sample.items.filter(({ SK }) => SK.startsWith('CHAT#'))) {
    const [, tenant, user] = /^TENANT#(.+)#USER#(.+)$/.exec(item.PK) ?? [];
    const prefix = `${tenant}/chat/${user}/${item.SK.slice('CHAT#'.length)}/messages/`;

    expect(sample.objects.filter(({ key }) => key.startsWith(prefix))).toHaveLength(Number(item.message_count));
  }
});
