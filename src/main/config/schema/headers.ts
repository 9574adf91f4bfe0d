import type { Refuse } from '../decode/struct.ts';

const RESERVED: ReadonlySet<string> = new Set([
  'host',
  'content-encoding',
  'content-length',
  'content-type',
  'user-agent',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'www-authenticate',
  'accept-encoding',
  'x-prometheus-remote-write-version',
  'x-prometheus-remote-read-version',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
]);

/** Refuses headers that the protocol sets itself; `authorization` says what to tell about that one. */
export function checkHeaders(headers: ReadonlyMap<string, string>, authorization: string, refuse: Refuse): void {
  for (const name of headers.keys()) {
    const lower = name.toLowerCase();
    if (lower === 'authorization') refuse(authorization, 'headers');
    else if (RESERVED.has(lower)) refuse(`${name} is a reserved header. It must not be changed`, 'headers');
  }
}
