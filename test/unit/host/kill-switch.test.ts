import { killSwitch } from '../../../local/host/storage/kill-switch';

function killsAt(environment: Record<string, string>): string[] {
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  const observer = killSwitch(environment);
  const killed: string[] = [];
  for (let write = 1; write <= 4; write++) {
    for (const moment of ['beforeWrite', 'afterWrite'] as const) {
      kill.mockClear();
      observer?.[moment]();
      if (kill.mock.calls.length > 0) {
        expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
        killed.push(`${moment} ${write}`);
      }
    }
  }
  kill.mockRestore();
  return killed;
}

test('without its settings there is no switch', () => {
  expect(killSwitch({ LOCAL_HOST_KILL_AFTER_WRITES: '' })).toBeUndefined();
});

test('the process is killed right before or right after the write that is named', () => {
  expect(killsAt({ LOCAL_HOST_KILL_BEFORE_WRITES: '3' })).toEqual(['beforeWrite 3']);
  expect(killsAt({ LOCAL_HOST_KILL_AFTER_WRITES: '2' })).toEqual(['afterWrite 2']);
});

test.each(['0', '-1', 'two', '1.5'])('the number %s is refused', (text) => {
  expect(() => killSwitch({ LOCAL_HOST_KILL_AFTER_WRITES: text })).toThrow('LOCAL_HOST_KILL_AFTER_WRITES');
});
