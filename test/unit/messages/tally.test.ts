import fc from 'fast-check';
import type { Message } from '../../../shared/messages/contract';
import { DATASETS } from '../../../shared/messages/datasets';
import { addTally, countMessage, emptyTally, type Tally, tallyColumns } from '../../../shared/messages/tally';
import { sampleMessage } from './samples';

const messages: fc.Arbitrary<Message> = fc
  .record({
    role: fc.constantFrom('user', 'assistant', 'system', 'User', ''),
    contentLength: fc.nat(131_072),
    attachmentCount: fc.nat(50),
    agentTokensUsed: fc.option(fc.integer({ min: -(2 ** 31) + 1, max: 2 ** 31 - 1 })),
    timestampMs: fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }),
  })
  .map(sampleMessage);

function tallyOf(all: readonly Message[]): Tally {
  const tally = emptyTally();
  for (const message of all) countMessage(tally, message);
  return tally;
}

describe('a tally', () => {
  test('counts what its messages hold', () => {
    fc.assert(
      fc.property(fc.array(messages, { minLength: 1 }), (all) => {
        const tally = tallyOf(all);

        const sum = (of: (message: Message) => number) => all.reduce((total, message) => total + of(message), 0);
        expect(tally).toEqual({
          messages: all.length,
          userMessages: sum(({ role }) => (role === 'user' ? 1 : 0)),
          assistantMessages: sum(({ role }) => (role === 'assistant' ? 1 : 0)),
          contentLength: sum(({ contentLength }) => contentLength),
          tokensUsed: sum(({ agentTokensUsed }) => agentTokensUsed ?? 0),
          attachments: sum(({ attachmentCount }) => attachmentCount),
          firstAt: Math.min(...all.map(({ timestampMs }) => timestampMs)),
          lastAt: Math.max(...all.map(({ timestampMs }) => timestampMs)),
        });
      }),
    );
  });

  test('of disjoint sets adds up to that of all, in any order, and with an empty one', () => {
    fc.assert(
      fc.property(fc.array(messages), fc.array(messages), (first, second) => {
        const forward = tallyOf(first);
        const backward = tallyOf(second);

        addTally(forward, tallyOf(second));
        addTally(backward, tallyOf(first));

        expect(forward).toEqual(tallyOf([...first, ...second]));
        expect(backward).toEqual(forward);
      }),
    );
  });

  test.each(['rooms', 'users'] as const)('fills the last columns of %s by their names', (dataset) => {
    const tally: Tally = {
      ...{ messages: 1, userMessages: 2, assistantMessages: 3, contentLength: 4, tokensUsed: 5, attachments: 6 },
      ...{ firstAt: 7, lastAt: 8 },
    };
    const values = tallyColumns(tally);

    const names = DATASETS[dataset].columns.slice(-values.length).map(({ name }) => name);
    expect(Object.fromEntries(names.map((name, i) => [name, values[i]]))).toEqual({
      message_count: 1,
      user_message_count: 2,
      assistant_message_count: 3,
      content_length_total: 4,
      tokens_used_total: 5,
      first_message_at: 7,
      last_message_at: 8,
    });
  });
});
