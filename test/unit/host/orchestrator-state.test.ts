import { parseFailureState, parseOrchestratorState } from '../../../local/host/durable/orchestrator-state';

const action = { actionType: 0, functionName: 'echo', input: 1 };

test('a state is read as the library writes it', () => {
  const state = parseOrchestratorState(
    JSON.stringify({ isDone: false, actions: [[action]], schemaVersion: 2, customStatus: { at: 1 } }),
  );

  expect(state).toEqual({ isDone: false, actions: [action], output: undefined, customStatus: { at: 1 } });
});

test.each([
  ['null', 'state object'],
  ['{"isDone":true}', 'state object'],
  ['{"isDone":true,"actions":[[],[]]}', '2 outer entries'],
])('%s is refused, saying %s', (json, expected) => {
  expect(() => parseOrchestratorState(json)).toThrow(expected);
});

test('the state of a failed orchestrator is in its message', () => {
  const state = { isDone: false, actions: [[action]], error: 'it broke', schemaVersion: 2 };

  expect(parseFailureState(`false\n\n$OutOfProcData$:${JSON.stringify(state)}`)).toMatchObject({
    error: 'it broke',
    actions: [action],
  });
  expect(parseFailureState('something else broke')).toBeUndefined();
});

test('an error without a message is a failure all the same', () => {
  const state = parseFailureState('x\n\n$OutOfProcData$:{"isDone":false,"actions":[[]]}');

  expect(state?.error).toContain('without a message');
});
