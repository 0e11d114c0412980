'use strict';

const df = require('durable-functions');

df.app.orchestration('fanOut', function* (context) {
  const { width } = context.df.getInput();
  const tasks = Array.from({ length: width }, (_, index) => context.df.callActivity('echo', index));
  const numbers = yield context.df.Task.all(tasks);
  return numbers.reduce((sum, number) => sum + number, 0);
});

/** Sub-orchestrations, some with an id of their own, each with activities in sequence. */
df.app.orchestration('household', function* (context) {
  const { children, chores } = context.df.getInput();
  const tasks = Array.from({ length: children }, (_, child) =>
    context.df.callSubOrchestrator(
      'child',
      { child, chores },
      child % 2 === 0 ? undefined : `${context.df.instanceId}-child-${child}`,
    ),
  );
  const done = yield context.df.Task.all(tasks);
  const last = yield context.df.callActivity('note', `${context.df.instanceId} last`);
  return { done, last };
});

df.app.orchestration('child', function* (context) {
  const { child, chores } = context.df.getInput();
  const done = [];
  for (let chore = 0; chore < chores; chore++) {
    done.push(yield context.df.callActivity('note', `child ${child} chore ${chore}`));
  }
  return done;
});

df.app.orchestration('retrying', function* (context) {
  const { name, failures, attempts } = context.df.getInput();
  const retry = new df.RetryOptions(20, attempts);
  retry.backoffCoefficient = 2;
  retry.maxRetryIntervalInMilliseconds = 1000;
  const before = context.df.currentUtcDateTime.getTime();
  try {
    const calls = yield context.df.callActivityWithRetry('flaky', retry, { name, failures });
    return { calls, waited: context.df.currentUtcDateTime.getTime() - before };
  } catch (error) {
    const after = yield context.df.callActivity('echo', 'after');
    return { gaveUp: error.message.includes(`of ${name} fails`), after };
  }
});

df.app.orchestration('retryingChild', function* (context) {
  const { name, failures } = context.df.getInput();
  return yield context.df.callSubOrchestratorWithRetry(
    'failingUntil',
    new df.RetryOptions(10, 5),
    { name, failures },
    `${context.df.instanceId}-attempt`,
  );
});

df.app.orchestration('failingUntil', function* (context) {
  return yield context.df.callActivity('flaky', context.df.getInput());
});

df.app.orchestration('failing', function* (context) {
  yield context.df.callActivity('echo', 1);
  throw new Error('this orchestrator fails');
});

df.app.orchestration('catching', function* (context) {
  try {
    yield context.df.callSubOrchestrator('failing');
    return 'not caught';
  } catch (error) {
    return error.message.includes('this orchestrator fails') ? 'caught' : error.message;
  }
});

df.app.orchestration('approval', function* (context) {
  const { minutes } = context.df.getInput();
  const deadline = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + minutes * 60_000));
  const answer = context.df.waitForExternalEvent('answer');
  context.df.setCustomStatus({ waitingFor: 'answer' });
  const winner = yield context.df.Task.any([answer, deadline]);
  if (winner === answer) {
    deadline.cancel();
  }
  context.df.setCustomStatus({ waitingFor: 'nothing' });
  return winner === answer ? answer.result : 'too late';
});

/** The loser of the race is not called off, so the instance stays until it ends. */
df.app.orchestration('lingering', function* (context) {
  const { ms } = context.df.getInput();
  const slow = context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + ms));
  const quick = context.df.callActivity('echo', 'quick');
  const winner = yield context.df.Task.any([quick, slow]);
  return winner === quick ? 'quick' : 'slow';
});

df.app.orchestration('counting', function* (context) {
  const { at, until } = context.df.getInput();
  yield context.df.callActivity('note', `counted ${at}`);
  if (at < until) {
    context.df.continueAsNew({ at: at + 1, until });
    return undefined;
  }
  const name = yield context.df.waitForExternalEvent('name');
  return { at, name };
});

df.app.orchestration('largeStatus', function* (context) {
  context.df.setCustomStatus('x'.repeat(context.df.getInput().kilobytes * 1024));
  return yield context.df.callActivity('echo', 'done');
});

df.app.orchestration('largePayloads', function* (context) {
  const text = yield context.df.callActivity('text', { kilobytes: 50 });
  const back = yield context.df.callActivity('echo', { text });
  return back.text.length;
});

df.app.orchestration('timingOut', function* (context) {
  return yield context.df.callActivity('never');
});

df.app.orchestration('missingActivity', function* (context) {
  return yield context.df.callActivity('nobody');
});

df.app.orchestration('signalling', function* (context) {
  context.df.signalEntity(new df.EntityId('counter', 'one'), 'add', 1);
  return yield context.df.callActivity('echo', 1);
});

/** Asks for different tasks under each setting of VARIANT: a deployment that changes an orchestrator under its instances. */
df.app.orchestration('changing', function* (context) {
  const variant = process.env.VARIANT ?? 'original';
  const first = yield context.df.callActivity(variant === 'renamed' ? 'note' : 'echo', 'first');
  if (variant === 'shorter') {
    return first;
  }
  if (variant === 'timer') {
    yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 1));
  } else {
    yield context.df.callActivity('echo', 'second');
  }
  yield context.df.waitForExternalEvent('go');
  return variant;
});

df.app.orchestration('versioned', function* (context) {
  yield context.df.waitForExternalEvent('go');
  const child = yield context.df.callSubOrchestrator('versionOf');
  return { version: context.df.version, child };
});

// biome-ignore lint/correctness/useYield: an orchestrator is a generator, whether it waits for something or not
df.app.orchestration('versionOf', function* (context) {
  return context.df.version;
});

/** Inputs and results of every shape, through an activity and a sub-orchestration. */
df.app.orchestration('shapes', function* (context) {
  const input = context.df.getInput();
  const viaActivity = yield context.df.callActivity('echo', input);
  const viaChild = yield context.df.callSubOrchestrator('identity', input);
  return { input, viaActivity, viaChild };
});

// biome-ignore lint/correctness/useYield: as above
df.app.orchestration('identity', function* (context) {
  return context.df.getInput();
});

df.app.orchestration('whoami', function* (context) {
  const inActivity = yield context.df.callActivity('instance');
  return { inActivity, id: context.df.instanceId, parent: context.df.parentInstanceId ?? null };
});

df.app.orchestration('parentOfWhoami', function* (context) {
  return yield context.df.callSubOrchestrator('whoami', null, 'whoami-child');
});
