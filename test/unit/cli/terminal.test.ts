import { ProgressDisplay } from '../../../local/cli/terminal';
import { Written } from './cli-world';

test('elsewhere than on a terminal there is a line a step, and no control character', () => {
  const stream = new Written();
  const display = new ProgressDisplay(stream);

  display.show('half way');
  display.step('first step');
  display.print('a warning');
  display.clear();

  expect(stream.text).toBe('first step\na warning\n');
});

test('on a terminal one line is written over, and lines that stay go above it', () => {
  const stream = new Written(true, 20);
  const display = new ProgressDisplay(stream);

  display.show('1 of 3');
  display.step('first step');
  display.print('a warning');
  display.show('2 of 3');
  display.clear();

  const clear = '\r\u001b[2K';
  expect(stream.text).toBe(`${clear}1 of 3${clear}a warning\n1 of 3${clear}2 of 3${clear}`);
});

test('the line never reaches the edge of the terminal, where it would become two', () => {
  const stream = new Written(true, 12);

  new ProgressDisplay(stream).show('夕飯の相談をしています');

  expect(stream.text).toBe('\r\u001b[2K夕飯の相談…');
});
