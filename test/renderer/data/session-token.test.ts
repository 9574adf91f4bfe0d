import { beforeEach, expect, test } from 'vitest';
import { takeSessionToken } from '#renderer/data/session-token.ts';

beforeEach(() => {
  window.sessionStorage.clear();
  window.history.replaceState(null, '', '/');
});

test('the token of the printed address is kept for the tab and taken out of the address', () => {
  window.history.replaceState(null, '', '/#token=a%2Bb');
  expect(takeSessionToken()).toBe('a+b');
  expect(window.location.hash).toBe('');
  expect(takeSessionToken()).toBe('a+b');
});

test('a page named in the address stays', () => {
  window.history.replaceState(null, '', '/#/explore?expr=up&token=secret');
  expect(takeSessionToken()).toBe('secret');
  expect(window.location.hash).toBe('#/explore?expr=up');
});

test('without a token there is none', () => {
  window.history.replaceState(null, '', '/#/live');
  expect(takeSessionToken()).toBeNull();
  expect(window.location.hash).toBe('#/live');
});
