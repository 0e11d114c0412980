import fc from 'fast-check';
import { Execution, foldRecords } from '../../../local/host/durable/execution';
import { EventType, type ScheduledEvent } from '../../../local/host/durable/history';
import { planTurn } from '../../../local/host/durable/turn';
import {
  type CreatedRecord,
  type InstanceRecord,
  type MessageRecord,
  parseRecords,
  recordLine,
  type TurnRecord,
} from '../../../local/host/storage/records';

const time = '2025-08-11T17:00:00.000Z';
const created: CreatedRecord = {
  record: 'created',
  instanceId: 'run',
  executionId: 'e1',
  name: 'o',
  version: null,
  input: null,
  createdAt: time,
};

const scheduled = (id: number): ScheduledEvent =>
  id % 2 === 0
    ? { EventType: EventType.TaskScheduled, EventId: id, Timestamp: time, Name: 'a', Input: '[null]' }
    : { EventType: EventType.TimerCreated, EventId: id, Timestamp: time, FireAt: time };
const answer = (id: number): MessageRecord['event'] =>
  id % 2 === 0
    ? { EventType: EventType.TaskCompleted, EventId: -1, Timestamp: time, TaskScheduledId: id, Result: '1' }
    : { EventType: EventType.TimerFired, EventId: -1, Timestamp: time, TimerId: id, FireAt: time };
const raised: MessageRecord['event'] = {
  EventType: EventType.EventRaised,
  EventId: -1,
  Timestamp: time,
  Name: 'x',
  Input: null,
};
const control = (type: 3 | 19 | 20): MessageRecord['event'] => ({
  EventType: type,
  EventId: -1,
  Timestamp: time,
  Input: 'why',
});

const turnOf = (used: readonly number[], more: Partial<TurnRecord> = {}): TurnRecord => ({
  record: 'turn',
  startedAt: time,
  endedAt: time,
  used,
  scheduled: [],
  cancelledTimers: [],
  status: 'Running',
  ...more,
});

const stateOf = (execution: Execution | undefined) => ({
  history: execution?.history,
  pending: [...(execution?.pending ?? [])],
  open: [...(execution?.open.keys() ?? [])].sort(),
  status: execution?.status,
  customStatus: execution?.customStatus,
  output: execution?.output,
  details: execution?.details,
});

/** What may happen to an instance, in any order: a host's life as far as its records go. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('message' as const), task: fc.nat(12) }),
  fc.record({ kind: fc.constant('raise' as const) }),
  fc.record({
    kind: fc.constant('turn' as const),
    tasks: fc.nat(3),
    cancels: fc.boolean(),
    status: fc.option(fc.string(), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant('late' as const), task: fc.nat(12) }),
  fc.record({ kind: fc.constant('end' as const) }),
);

test('the records on disk fold to the state that was in memory, whatever happened', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const live = new Execution(created);
      const records: InstanceRecord[] = [created];
      let nextTask = 0;
      const accept = (event: MessageRecord['event']) => {
        if (live.accept(event)) {
          records.push({ record: 'message', event });
        }
      };
      for (const one of steps) {
        if (one.kind === 'message') {
          accept(answer(one.task));
        } else if (one.kind === 'raise') {
          accept(raised);
        } else if (!live.isTerminal) {
          const plan = planTurn(live);
          const tasks = one.kind === 'turn' ? Array.from({ length: one.tasks }, () => scheduled(nextTask++)) : [];
          const timers = [...live.open.keys(), ...tasks.map((task) => task.EventId)].filter((id) => id % 2 === 1);
          const turn = turnOf(plan?.messages ?? [], {
            scheduled: tasks,
            cancelledTimers: one.kind === 'turn' && one.cancels ? timers : [],
            ...(one.kind === 'turn' && one.status !== undefined && { customStatus: one.status }),
            ...(one.kind === 'end' && { status: 'Failed', output: '"no"', details: 'stack' }),
          });
          records.push(turn);
          if (one.kind === 'late') {
            // Comes in while the turn's record is being written: behind it in the file, before it in memory.
            accept(answer(one.task));
          }
          live.apply(turn);
        }
      }

      const { records: read } = parseRecords(Buffer.from(records.map(recordLine).join('')));

      expect(stateOf(foldRecords(read))).toEqual(stateOf(live));
    }),
  );
});

test('an answer is taken once, and only to a task that is open', () => {
  const execution = new Execution(created);
  execution.apply(turnOf([0], { scheduled: [scheduled(0), scheduled(1)], cancelledTimers: [1] }));

  expect(execution.accept(answer(0))).toBe(true);
  expect(execution.accept(answer(0))).toBe(false);
  expect(execution.accept(answer(1))).toBe(false);
  expect(execution.accept(answer(7))).toBe(false);
});

test('an ended instance takes nothing more', () => {
  const execution = new Execution(created);
  execution.apply(turnOf([0], { status: 'Completed', output: '42' }));

  expect(execution.accept(raised)).toBe(false);
  expect(execution.output).toBe('42');
  expect(planTurn(execution)).toBeUndefined();
});

test('a record that cannot be is an error', () => {
  expect(foldRecords([])).toBeUndefined();
  expect(() => foldRecords([turnOf([0])])).toThrow('begins with a "turn" record');
  expect(() => foldRecords([created, created])).toThrow('two "created" records');
  expect(() => foldRecords([created, turnOf([5])])).toThrow('message 5');
});

describe('what the next turn is for', () => {
  const having = (...events: MessageRecord['event'][]) => {
    const execution = new Execution(created);
    for (const event of events) {
      execution.accept(event);
    }
    return execution;
  };

  test('all that has come in is used together', () => {
    expect(planTurn(having(raised, raised))).toEqual({ kind: 'run', messages: [0, 1, 2] });
  });

  test('termination goes before everything, and is by itself', () => {
    expect(planTurn(having(raised, control(19), control(3)))).toEqual({ kind: 'terminate', messages: [3] });
  });

  test('a suspension takes effect behind what came before it', () => {
    const execution = having(raised, control(19), raised);

    expect(planTurn(execution)).toEqual({ kind: 'run', messages: [0, 1] });
    execution.apply(turnOf([0, 1]));
    expect(planTurn(execution)).toEqual({ kind: 'suspend', messages: [2] });
    execution.apply(turnOf([2], { status: 'Suspended' }));
    expect(planTurn(execution)).toBeUndefined();
    execution.accept(raised);
    execution.accept(control(20));
    expect(planTurn(execution)).toEqual({ kind: 'resume', messages: [5] });
    execution.apply(turnOf([5]));
    expect(planTurn(execution)).toEqual({ kind: 'run', messages: [3, 4] });
  });

  test('nothing new, nothing to do', () => {
    const execution = having();
    execution.apply(turnOf([0]));

    expect(planTurn(execution)).toBeUndefined();
  });
});
