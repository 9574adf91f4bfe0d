import { describe, expect, test } from 'vitest';
import { decideAccess, type AccessPolicy, type RequestFacts } from '../../../src/main/web/access.ts';

const policy: AccessPolicy = {
  token: 'secret-token',
  loopbackOnly: true,
  externalHost: null,
  externalOrigin: null,
  openAccess: false,
};
const facts: RequestFacts = { host: '127.0.0.1:9099', origin: null, authorization: null, token: null };

function decide(some: Partial<RequestFacts>, rules: Partial<AccessPolicy> = {}): string {
  const decision = decideAccess({ ...policy, ...rules }, { ...facts, ...some });
  return decision.kind === 'granted' ? decision.access : decision.kind;
}

describe('on loopback', () => {
  test('reading is open, writing needs the token', () => {
    expect(decide({})).toBe('read');
    expect(decide({ token: 'secret-token' })).toBe('write');
    expect(decide({ authorization: 'Bearer secret-token' })).toBe('write');
    expect(decide({ authorization: `Basic ${Buffer.from('any:secret-token').toString('base64')}` })).toBe('write');
    expect(decide({ token: 'wrong' })).toBe('read');
    expect(decide({ token: '' })).toBe('read');
  });

  test.each(['localhost:9099', 'localhost', '127.0.0.1:1', '[::1]:9099', 'hearth.localhost:9099'])(
    'the host %s is ours',
    (host) => expect(decide({ host })).toBe('read'),
  );

  test.each(['evil.example:9099', '192.168.1.4:9099', '', 'localhost.evil.example', 'a b', '127.0.0.1.evil.example'])(
    'a page that points the name %j at us is refused, even with the token',
    (host) => expect(decide({ host, token: 'secret-token' })).toBe('refused'),
  );

  test('pages of other origins are refused, our own are not', () => {
    expect(decide({ origin: 'http://127.0.0.1:9099' })).toBe('read');
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:3000', 'http://localhost:9099', ''])
      expect([origin, decide({ origin, token: 'secret-token' })]).toEqual([origin, 'refused']);
  });

  test('an external address is served, but only with the token', () => {
    const rules = { externalHost: 'hearth.example', externalOrigin: 'https://hearth.example' };
    const from = { host: 'hearth.example', origin: 'https://hearth.example' };
    expect(decide(from, rules)).toBe('token-needed');
    expect(decide({ ...from, token: 'secret-token' }, rules)).toBe('write');
    expect(decide({ host: 'other.example' }, rules)).toBe('refused');
  });
});

describe('elsewhere', () => {
  test('everything needs the token, whatever name is used', () => {
    const rules = { loopbackOnly: false };
    expect(decide({ host: '192.168.1.4:9099' }, rules)).toBe('token-needed');
    expect(decide({ host: 'localhost:9099' }, rules)).toBe('token-needed');
    expect(decide({ host: '192.168.1.4:9099', token: 'secret-token' }, rules)).toBe('write');
  });

  test('open access lets anyone read and nobody write', () => {
    expect(decide({ host: '192.168.1.4:9099' }, { loopbackOnly: false, openAccess: true })).toBe('read');
  });
});
