import { replayActions } from '../../../local/host/durable/action-replay';
import { EventType, type HistoryEvent } from '../../../local/host/durable/history';
import { ActionType, type OrchestratorAction } from '../../../local/host/durable/orchestrator-state';
import { LONG_TIMER_INTERVAL_MS, type ReplayContext } from '../../../local/host/durable/task-calls';
import type { NewTask } from '../../../local/host/durable/task-numbers';

const start = Date.parse('2025-08-11T17:00:00.000Z');
const at = (ms: number) => new Date(start + ms).toISOString();

const context: ReplayContext = {
  instanceId: 'run',
  executionId: 'e1',
  parentInstanceId: 'mother',
  defaultVersion: '1.0',
  hasActivity: (name) => name.toLowerCase().startsWith('a'),
  hasOrchestrator: (name) => name.startsWith('o'),
};

const activity = (functionName: string, input: unknown = null): OrchestratorAction => ({
  actionType: ActionType.CallActivity,
  functionName,
  input,
});
const retried = (functionName: string, maxNumberOfAttempts: number, more = {}): OrchestratorAction => ({
  actionType: ActionType.CallActivityWithRetry,
  functionName,
  input: null,
  retryOptions: { firstRetryIntervalInMilliseconds: 100, maxNumberOfAttempts, ...more },
});
const child = (functionName: string, instanceId?: string): OrchestratorAction => ({
  actionType: ActionType.CallSubOrchestrator,
  functionName,
  ...(instanceId !== undefined && { instanceId }),
});
const timer = (ms: number, isCanceled = false): OrchestratorAction => ({
  actionType: ActionType.CreateTimer,
  fireAt: at(ms),
  isCanceled,
});
const wait = (externalEventName: string): OrchestratorAction => ({
  actionType: ActionType.WaitForExternalEvent,
  externalEventName,
});
const all = (...compoundActions: OrchestratorAction[]): OrchestratorAction => ({
  actionType: ActionType.WhenAll,
  compoundActions,
});
const any = (...compoundActions: OrchestratorAction[]): OrchestratorAction => ({
  actionType: ActionType.WhenAny,
  compoundActions,
});

/** Events as they would be recorded, each at `ms` after the start. */
const events = {
  begin: (ms = 0): HistoryEvent => ({ EventType: EventType.OrchestratorStarted, EventId: -1, Timestamp: at(ms) }),
  started: (): HistoryEvent => ({
    EventType: EventType.ExecutionStarted,
    EventId: -1,
    Timestamp: at(0),
    Name: 'o',
    Version: null,
    Input: null,
  }),
  scheduled: (id: number, name: string): HistoryEvent => ({
    EventType: EventType.TaskScheduled,
    EventId: id,
    Timestamp: at(0),
    Name: name,
    Input: '[null]',
  }),
  created: (id: number, name: string): HistoryEvent => ({
    EventType: EventType.SubOrchestrationInstanceCreated,
    EventId: id,
    Timestamp: at(0),
    Name: name,
    InstanceId: 'x',
    Version: null,
    Input: null,
  }),
  timer: (id: number): HistoryEvent => ({
    EventType: EventType.TimerCreated,
    EventId: id,
    Timestamp: at(0),
    FireAt: at(0),
  }),
  done: (id: number): HistoryEvent => ({
    EventType: EventType.TaskCompleted,
    EventId: -1,
    Timestamp: at(0),
    TaskScheduledId: id,
    Result: null,
  }),
  failed: (id: number): HistoryEvent => ({
    EventType: EventType.TaskFailed,
    EventId: -1,
    Timestamp: at(0),
    TaskScheduledId: id,
    Reason: 'r',
    Details: 'd',
  }),
  fired: (id: number): HistoryEvent => ({
    EventType: EventType.TimerFired,
    EventId: -1,
    Timestamp: at(0),
    TimerId: id,
    FireAt: at(0),
  }),
  raised: (name: string): HistoryEvent => ({
    EventType: EventType.EventRaised,
    EventId: -1,
    Timestamp: at(0),
    Name: name,
    Input: null,
  }),
};

const replay = (actions: OrchestratorAction[], ...history: HistoryEvent[]) =>
  replayActions([events.begin(), events.started(), ...history], actions, context);

const ids = (tasks: readonly NewTask[]) =>
  tasks.map((task) => [task.id, task.kind === 'timer' ? task.fireAt : task.name]);

test('actions are taken one after another, each waiting for the one before', () => {
  const actions = [activity('a1'), activity('a2')];

  expect(ids(replay(actions).newTasks)).toEqual([[0, 'a1']]);
  const second = replay(actions, events.scheduled(0, 'a1'), events.begin(), events.done(0));
  expect(ids(second.newTasks)).toEqual([[1, 'a2']]);
  expect(second.isFinished).toBe(false);
});

test('a failed task lets the actions go on: what to do about it is for the orchestrator', () => {
  const outcome = replay([activity('a1'), activity('a2')], events.scheduled(0, 'a1'), events.failed(0));

  expect(ids(outcome.newTasks)).toEqual([[1, 'a2']]);
});

test('all waits for every task, failed ones too', () => {
  const actions = [all(activity('a1'), activity('a2')), activity('a3')];
  const scheduled = [events.scheduled(0, 'a1'), events.scheduled(1, 'a2')];

  expect(ids(replay(actions).newTasks)).toEqual([
    [0, 'a1'],
    [1, 'a2'],
  ]);
  expect(replay(actions, ...scheduled, events.failed(0)).newTasks).toEqual([]);
  expect(ids(replay(actions, ...scheduled, events.failed(0), events.done(1)).newTasks)).toEqual([[2, 'a3']]);
});

test('any goes on at the first, and the instance is not finished while the others are open', () => {
  const scheduled = [events.scheduled(0, 'a1'), events.timer(1)];

  const raced = replay([any(activity('a1'), timer(5000))], ...scheduled, events.done(0));
  const ended = replay([any(activity('a1'), timer(5000))], ...scheduled, events.done(0), events.fired(1));

  expect([raced.isFinished, [...raced.openTasks]]).toEqual([false, [1]]);
  expect(ended.isFinished).toBe(true);
});

test('a timer that is called off is not open any more', () => {
  const outcome = replay(
    [any(activity('a1'), timer(5000, true))],
    events.scheduled(0, 'a1'),
    events.timer(1),
    events.done(0),
  );

  expect([outcome.isFinished, [...outcome.openTasks]]).toEqual([true, []]);
});

test('tries are told apart by timers of the host, whose delays grow to a limit; one more timer ends the last', () => {
  const options = { backoffCoefficient: 3, maxRetryIntervalInMilliseconds: 500 };
  const actions = [retried('a1', 3, options), activity('a2')];
  const history = [
    events.scheduled(0, 'a1'),
    events.begin(1000),
    events.failed(0),
    events.timer(1),
    events.begin(2000),
    events.fired(1),
    events.scheduled(2, 'a1'),
    events.begin(3000),
    events.failed(2),
    events.timer(3),
    events.begin(4000),
    events.fired(3),
    events.scheduled(4, 'a1'),
    events.begin(5000),
    events.failed(4),
    events.timer(5),
    events.begin(6000),
    events.fired(5),
  ];
  const after = (count: number) => ids(replay(actions, ...history.slice(0, count)).newTasks);

  expect(after(3)).toEqual([[1, at(1000 + 100)]]);
  expect(after(6)).toEqual([[2, 'a1']]);
  expect(after(9)).toEqual([[3, at(3000 + 300)]]);
  expect(after(12)).toEqual([[4, 'a1']]);
  expect(after(15)).toEqual([[5, at(5000)]]);
  expect(after(18)).toEqual([[6, 'a2']]);
});

test('a delay is never above its limit', () => {
  const options = { backoffCoefficient: 10, maxRetryIntervalInMilliseconds: 500 };
  const outcome = replay(
    [retried('a1', 5, options)],
    events.scheduled(0, 'a1'),
    events.failed(0),
    events.timer(1),
    events.fired(1),
    events.scheduled(2, 'a1'),
    events.begin(1000),
    events.failed(2),
  );

  expect(ids(outcome.newTasks)).toEqual([[3, at(1500)]]);
});

test('past its retry timeout a task is left without the timer the library waits for, which is known as a hang', () => {
  const outcome = replay(
    [retried('a1', 5, { retryTimeoutInMilliseconds: 50 })],
    events.scheduled(0, 'a1'),
    events.begin(1000),
    events.failed(0),
  );

  expect([outcome.newTasks, outcome.openTasks.size, outcome.isFinished]).toEqual([[], 0, true]);
});

test('a sub-orchestration has the id it was given, or one of its execution and number, and a version', () => {
  const outcome = replay([all(child('o1'), child('o2', 'mine'), child('o3', ' '), { ...child('o4'), version: '7.0' })]);

  expect(outcome.newTasks).toMatchObject([
    { id: 0, instanceId: 'e1:0', version: '1.0' },
    { id: 1, instanceId: 'mine' },
    { id: 2, instanceId: 'e1:2' },
    { id: 3, instanceId: 'e1:3', version: '7.0' },
  ]);
});

test('a timer of more than six days is made of several', () => {
  const days = 86_400_000;
  const actions = [timer(7 * days), activity('a1')];

  const first = replay(actions);
  const second = replay(actions, events.timer(0), events.begin(3 * days), events.fired(0));
  const third = replay(
    actions,
    events.timer(0),
    events.begin(3 * days),
    events.fired(0),
    events.timer(1),
    events.begin(6 * days),
    events.fired(1),
  );
  const last = replay(
    actions,
    events.timer(0),
    events.begin(3 * days),
    events.fired(0),
    events.timer(1),
    events.begin(6 * days),
    events.fired(1),
    events.timer(2),
    events.begin(7 * days),
    events.fired(2),
  );

  expect(ids(first.newTasks)).toEqual([[0, at(LONG_TIMER_INTERVAL_MS)]]);
  expect(ids(second.newTasks)).toEqual([[1, at(6 * days)]]);
  expect(ids(third.newTasks)).toEqual([[2, at(7 * days)]]);
  expect(ids(last.newTasks)).toEqual([[3, 'a1']]);
});

test('an event that comes before anybody waits is kept, and names have no case', () => {
  const actions = [activity('a1'), wait('Answer'), activity('a2')];

  const waiting = replay(actions, events.scheduled(0, 'a1'), events.done(0));
  const kept = replay(actions, events.scheduled(0, 'a1'), events.raised('answer'), events.done(0));

  expect([waiting.newTasks, waiting.waitsForEvent]).toEqual([[], true]);
  expect(ids(kept.newTasks)).toEqual([[1, 'a2']]);
});

test('each wait takes one event; of several waits for a name the latest is first', () => {
  const actions = [all(wait('x'), wait('x')), activity('a1')];

  expect(replay(actions, events.raised('x')).newTasks).toEqual([]);
  expect(ids(replay(actions, events.raised('x'), events.raised('x')).newTasks)).toEqual([[0, 'a1']]);
});

test('events after the decision to continue as new are for the next execution', () => {
  const actions = [activity('a1'), { actionType: ActionType.ContinueAsNew, input: { at: 2 } }];

  const outcome = replay(
    actions,
    events.scheduled(0, 'a1'),
    events.raised('early'),
    events.done(0),
    events.raised('late'),
  );

  expect(outcome.continueAsNew).toEqual({ input: { at: 2 } });
  expect(outcome.eventsForNext).toMatchObject([{ Name: 'late' }]);
  expect(outcome.isFinished).toBe(true);
});

describe('a replay that no longer does what its history says is refused', () => {
  const cause = /Was the orchestrator changed while this instance was running/;

  test.each([
    [
      'another activity',
      [activity('a2')],
      [events.scheduled(0, 'a1')],
      'the activity "a1" scheduled as task 0.*asked for the activity "a2"',
    ],
    [
      'another kind',
      [timer(5)],
      [events.scheduled(0, 'a1')],
      'the activity "a1" scheduled as task 0.*asked for a timer',
    ],
    [
      'an activity where a timer was',
      [activity('a1')],
      [events.timer(0)],
      'a timer scheduled as task 0.*the activity "a1"',
    ],
    [
      'another child',
      [child('o2')],
      [events.created(0, 'o1')],
      'the sub-orchestration "o1".*asked for the sub-orchestration "o2"',
    ],
    [
      'fewer tasks',
      [activity('a1')],
      [events.scheduled(0, 'a1'), events.done(0), events.scheduled(1, 'a2')],
      '"a2" scheduled as task 1.*did not ask',
    ],
    ['none at all', [], [events.scheduled(0, 'a1')], '"a1" scheduled as task 0.*did not ask'],
    [
      'asking too late',
      [wait('x'), activity('a1')],
      [events.scheduled(0, 'a1')],
      '"a1" scheduled as task 0.*did not ask',
    ],
  ])('%s', (_what, actions, history, expected) => {
    const { divergence } = replay(actions as OrchestratorAction[], ...(history as HistoryEvent[]));

    expect(divergence).toMatch(new RegExp(`^Non-deterministic orchestration.*${expected}`));
    expect(divergence).toMatch(cause);
  });

  test('another case of the same name is the same', () => {
    expect(replay([activity('A1')], events.scheduled(0, 'a1')).divergence).toBeUndefined();
  });
});

describe('an action that cannot be carried out fails the instance, once what is open has ended', () => {
  test.each([
    ['an unknown activity', activity('nobody'), '"nobody" doesn\'t exist'],
    ['an unknown orchestrator', child('nobody'), '"nobody" doesn\'t exist'],
    ["a child with its parent's id", child('o1', 'RUN'), 'instance id of its parent'],
    ["a child with its grandparent's id", child('o1', 'mother'), 'instance id of its parent'],
    ['an entity call', { actionType: 7 }, 'callEntity'],
    ['durable HTTP', { actionType: 8 }, 'callHttp'],
    ['an action of another age', { actionType: 99 }, 'type 99'],
    ['a timer without a time', { actionType: ActionType.CreateTimer, fireAt: 'soon' }, '"soon"'],
  ])('%s', (_what, action, expected) => {
    const open = replay([all(activity('a1'), action)]);
    const ended = replay([all(activity('a1'), action)], events.scheduled(0, 'a1'), events.done(0));

    expect(open.fault).toContain(expected);
    expect(open.isFinished).toBe(false);
    expect(ended.isFinished).toBe(true);
  });
});

test('a second answer to a task changes nothing', () => {
  const actions = [activity('a1'), activity('a2')];

  const outcome = replay(actions, events.scheduled(0, 'a1'), events.done(0), events.failed(0), events.fired(0));

  expect(ids(outcome.newTasks)).toEqual([[1, 'a2']]);
});

test('ten thousand tasks at once are no matter', () => {
  const tasks = Array.from({ length: 10_000 }, (_, index) => activity(`a${index}`));
  const scheduled = tasks.map((task, index) => events.scheduled(index, task.functionName ?? ''));
  const done = tasks.map((_, index) => events.done(index));

  const sequence = replay(tasks, ...tasks.flatMap((_, index) => [scheduled[index], done[index]] as HistoryEvent[]));
  const together = replay([all(...tasks)], ...scheduled, ...done);

  expect([sequence.isFinished, together.isFinished]).toEqual([true, true]);
});
