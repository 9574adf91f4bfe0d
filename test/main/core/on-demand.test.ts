import { expect, test } from 'vitest';
import { onDemand } from '#main/core/on-demand.ts';

/** Timers moved by hand. */
function timers() {
  const waiting = new Set<() => void>();
  return {
    schedule: (_millis: number, action: () => void) => {
      waiting.add(action);
      return () => void waiting.delete(action);
    },
    pass: () => {
      for (const action of waiting) {
        waiting.delete(action);
        action();
      }
    },
    get count() {
      return waiting.size;
    },
  };
}

function setup() {
  const clock = timers();
  const log: string[] = [];
  const thing = onDemand(
    () => {
      log.push('start');
      return { stop: () => void log.push('stop') };
    },
    1000,
    clock.schedule,
  );
  return { clock, log, thing };
}

test('starts with the first user, ends a while after the last has gone', () => {
  const { clock, log, thing } = setup();
  expect(thing.running()).toBeNull();
  const first = thing.use();
  const second = thing.use();
  expect(log).toEqual(['start']);
  first();
  first();
  expect(clock.count).toBe(0);
  second();
  expect(thing.running()).not.toBeNull();
  clock.pass();
  expect(log).toEqual(['start', 'stop']);
  expect(thing.running()).toBeNull();
});

test('who comes back in time finds it as it was', () => {
  const { clock, log, thing } = setup();
  thing.use()();
  const release = thing.use();
  clock.pass();
  expect(log).toEqual(['start']);
  release();
  clock.pass();
  thing.use();
  expect(log).toEqual(['start', 'stop', 'start']);
});

test('stopping leaves no timer, and a late user that goes does no harm', () => {
  const { clock, log, thing } = setup();
  const release = thing.use();
  thing.stop();
  release();
  thing.stop();
  expect(log).toEqual(['start', 'stop']);
  expect(clock.count).toBe(0);
});
