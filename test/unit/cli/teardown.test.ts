import { Teardown } from '../../../local/cli/teardown';

test('what was begun last is ended first, once', async () => {
  const ended: string[] = [];
  const teardown = new Teardown();
  await teardown.add(() => ended.push('services'));
  await teardown.add(async () => ended.push('host'));

  await Promise.all([teardown.run(), teardown.run()]);

  expect(ended).toEqual(['host', 'services']);
});

test('one that cannot be ended does not keep the others from it', async () => {
  const ended: string[] = [];
  const teardown = new Teardown();
  await teardown.add(() => ended.push('services'));
  await teardown.add(() => Promise.reject(new Error('the host hangs')));

  await expect(teardown.run()).rejects.toThrow('the host hangs');

  expect(ended).toEqual(['services']);
});

test('what comes up after the end is ended at once', async () => {
  const ended: string[] = [];
  const teardown = new Teardown();
  await teardown.run();

  await teardown.add(() => ended.push('late'));

  expect(ended).toEqual(['late']);
});
