import { UserTraces } from '../../../shared/operations/erase/user-traces';

const traces = new UserTraces('acme', 'alice');

describe('what is the user’s', () => {
  test.each([
    [{ user: 'alice', room: 'r' }, true],
    [[{ rooms: [{ user: 'alice' }] }], true],
    [{ dividedUsers: ['bob', 'alice'] }, true],
    [{ at: 'acme/chat/alice/r/messages/2025/08/11/m.json' }, true],
    [{ user: 'alice2' }, false],
    [{ user: 'al' }, false],
    [{ key: 'acme/chat/alice2/r/m.json' }, false],
    [{ key: 'acme2/chat/alice/r/m.json' }, false],
    // Words that others may write, or name their rooms by.
    [{ room: 'alice', title: 'alice', drift: { alice: 1 } }, false],
    [null, false],
    ['alice', false],
  ])('in JSON: %j: %p', (value, expected) => {
    expect(traces.inJson(value)).toBe(expected);
  });

  test.each([
    ['The object acme/chat/alice/r/m.json was changed.', true],
    ['GET /acme/chat/alice/r%201.json failed.', true],
    ['SK "USER#alice" names an id.', true],
    ['PK "TENANT#acme#USER#alice", SK "CHAT#r/1"', true],
    ['TENANT#acme / USER#alice', true],
    ['The object acme/chat/alice2/r/m.json was changed.', false],
    ['TENANT#acme / USER#alice2', false],
    ['alice was here', false],
  ])('in a sentence: %s: %p', (text, expected) => {
    expect(traces.inSentence(text)).toBe(expected);
  });

  test.each(['ひろし x', 'user%20', 'café#?', '😀', 'a"b'])(
    'whose id is %s, in keys as they are and as addresses have them',
    (user) => {
      const own = new UserTraces('acme', user);

      expect(own.ownsKey(`acme/chat/${user}/r/m.json`)).toBe(true);
      expect(own.inSentence(`GET https://host/acme/chat/${encodeURIComponent(user)}/r/m.json failed`)).toBe(true);
      expect(own.mayBeIn(Buffer.from(JSON.stringify({ user })))).toBe(true);
      expect(own.mayBeIn(Buffer.from(JSON.stringify({ user: 'somebody' })))).toBe(false);
    },
  );
});
