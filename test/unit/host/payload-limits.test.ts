import { customStatusProblem, warnIfLarge } from '../../../local/host/durable/payload-limits';
import { recordingLog } from './recording-log';

test('a message of 45 KB is let pass, one of a byte more is warned of, by its name and size', () => {
  const { log, lines } = recordingLog();

  warnIfLarge(log, 'The result of the activity small', 'x'.repeat(45 * 1024), 'run-1');
  warnIfLarge(log, 'The result of the activity none', null, 'run-1');
  warnIfLarge(log, 'The result of the activity large', 'x'.repeat(45 * 1024 + 1), 'run-1');
  warnIfLarge(log, 'The result of the activity kanji', '漢'.repeat(20 * 1024), 'run-1');

  expect(lines.map(({ level, message }) => [level, message.split('.')[0]])).toEqual([
    ['warn', 'The result of the activity large has 45'],
    ['warn', 'The result of the activity kanji has 60'],
  ]);
  expect(lines[0]?.dimensions).toEqual({ instance: 'run-1', bytes: 45 * 1024 + 1 });
});

test('a custom status may have 16 KB of UTF-16', () => {
  // Two bytes a character, two quotes; a KB counts only when it is full.
  expect(customStatusProblem('x'.repeat(8 * 1024 + 509))).toBeUndefined();
  expect(customStatusProblem('x'.repeat(8 * 1024 + 510))).toContain('17 KB');
  expect(customStatusProblem(undefined)).toBeUndefined();
});
