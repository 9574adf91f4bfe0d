import { expect, test } from 'vitest';
import { readListenSetting } from '../../../src/main/desktop/http-api.ts';

test('the desktop app listens on loopback only, or not at all', () => {
  const standard = { kind: 'address', address: { host: '127.0.0.1', port: 9099 } };
  expect(readListenSetting(undefined)).toEqual(standard);
  expect(readListenSetting('')).toEqual(standard);
  expect(readListenSetting('off')).toEqual({ kind: 'off' });
  expect(readListenSetting('[::1]:0')).toEqual({ kind: 'address', address: { host: '::1', port: 0 } });
});

test.each(['9099', ':9099', '0.0.0.0:9099', '192.168.0.1:1', 'example.org:80', '127.0.0.1:70000'])(
  '%s is refused with a reason',
  (text) => {
    const setting = readListenSetting(text);
    expect(setting.kind).toBe('wrong');
    expect(setting.kind === 'wrong' && setting.message).toContain('HEARTH_LISTEN');
    expect(setting.kind === 'wrong' && setting.message).toContain(text);
  },
);
