import { timingSafeEqual } from 'node:crypto';
import { isIPv4 } from 'node:net';
import type { Access } from '#shared/contract/index.ts';

/** Who may do what (docs/architecture.md). All that the decision depends on. */
export interface AccessPolicy {
  readonly token: string;
  /** Whether all listeners are bound to loopback addresses. */
  readonly loopbackOnly: boolean;
  /** Hosts (`name` or `name:port`) that `--web.external-url` adds. */
  readonly externalHost: string | null;
  readonly externalOrigin: string | null;
  /** Reading needs no token from anywhere. */
  readonly openAccess: boolean;
}

/** What one request says of itself. */
export interface RequestFacts {
  readonly host: string;
  readonly origin: string | null;
  readonly authorization: string | null;
  /** Token by another way (the WebSocket's subprotocol). */
  readonly token: string | null;
}

export type AccessDecision =
  | { readonly kind: 'granted'; readonly access: Access }
  /** The address that the client thinks it talks to is not ours, or another site's page asks. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'token-needed' };

export function isLoopbackHost(host: string): boolean {
  if (host === 'localhost' || host === '::1' || host.endsWith('.localhost')) return true;
  return isIPv4(host) && host.startsWith('127.');
}

/** The name in a Host header, without port and brackets; null when it is malformed. */
function hostName(header: string): string | null {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/@\s]+))(?::\d+)?$/.exec(header);
  return match === null ? null : (match[1] ?? match[2]).toLowerCase();
}

function sameText(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Bearer token, or the password of Basic. */
function presentedToken(facts: RequestFacts): string | null {
  if (facts.token !== null) return facts.token;
  const match = /^(Bearer|Basic)\s+(\S+)$/i.exec(facts.authorization ?? '');
  if (match === null) return null;
  if (match[1].toLowerCase() === 'bearer') return match[2];
  const pair = Buffer.from(match[2], 'base64').toString('utf8');
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : null;
}

export function decideAccess(policy: AccessPolicy, facts: RequestFacts): AccessDecision {
  const name = hostName(facts.host);
  if (name === null) return { kind: 'refused', reason: 'the Host header is malformed' };
  const external = policy.externalHost !== null && facts.host.toLowerCase() === policy.externalHost;
  const loopback = isLoopbackHost(name);
  // A name that is not ours on a loopback listener is a page that had its own name pointed at this computer.
  if (policy.loopbackOnly && !loopback && !external)
    return { kind: 'refused', reason: `Host ${facts.host} is not served here; --web.external-url adds one` };
  if (facts.origin !== null && !isOwnOrigin(policy, facts))
    return { kind: 'refused', reason: `pages of ${facts.origin} may not ask` };
  const token = presentedToken(facts);
  if (token !== null && sameText(token, policy.token)) return { kind: 'granted', access: 'write' };
  const open = policy.openAccess || (policy.loopbackOnly && loopback);
  return open ? { kind: 'granted', access: 'read' } : { kind: 'token-needed' };
}

function isOwnOrigin(policy: AccessPolicy, { origin, host }: RequestFacts): boolean {
  if (origin === policy.externalOrigin) return true;
  const url = origin !== null && URL.canParse(origin) ? new URL(origin) : null;
  return url !== null && url.host.toLowerCase() === host.toLowerCase().replace(/:80$/, '');
}
