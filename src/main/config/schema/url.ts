import { quoteGo } from '#shared/model/index.ts';

/** A URL taken apart as Go does: what is not there is `''`. */
export interface UrlParts {
  readonly scheme: string;
  readonly host: string;
}

/** The parts of a URL reference, or why it is none. Relative references (`localhost:9090/x`, `/x`) are accepted as Go accepts them. */
export function parseUrl(text: string): UrlParts | string {
  const failure = (why: string): string => `parse ${quoteGo(text)}: ${why}`;
  // oxlint-disable-next-line no-control-regex -- looking for control characters is the point
  if (/[\x00-\x1f\x7f]/.test(text)) return failure('net/url: invalid control character in URL');
  let rest = text.split('#', 1)[0];
  let scheme = '';
  if (rest.startsWith(':')) return failure('missing protocol scheme');
  const match = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(rest);
  if (match !== null) {
    scheme = match[1].toLowerCase();
    rest = rest.slice(match[0].length);
  }
  rest = rest.split('?', 1)[0];
  const escape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(rest);
  if (escape !== null) return failure(`invalid URL escape ${quoteGo(escape[0])}`);
  if (scheme === '' && !rest.startsWith('/') && rest.split('/', 1)[0].includes(':'))
    return failure('first path segment in URL cannot contain colon');
  if (!rest.startsWith('//')) return { scheme, host: '' };
  const authority = rest.slice(2).split('/', 1)[0];
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  const bad = /[\s<>"^`{|}\\]/.exec(host);
  if (bad !== null) return failure(`invalid character ${quoteGo(bad[0])} in host name`);
  const port = /^(?:\[[^\]]*\]|[^:]*)(:.*)?$/.exec(host);
  if (port === null || (host.startsWith('[') && !host.includes(']'))) return failure("missing ']' in host");
  if (port[1] !== undefined && !/^:\d*$/.test(port[1])) return failure(`invalid port ${quoteGo(port[1])} after host`);
  return { scheme, host };
}

export function urlProblem(text: string): string | null {
  const parts = parseUrl(text);
  return typeof parts === 'string' ? parts : null;
}

/** What is wrong with a URL that must be absolute HTTP, or null. */
export function httpUrlProblem(text: string): string | null {
  if (text === '') return 'URL is missing';
  const parts = parseUrl(text);
  if (typeof parts === 'string') return parts;
  if (parts.scheme !== 'http' && parts.scheme !== 'https') return "URL scheme must be 'http' or 'https'";
  return parts.host === '' ? 'host is missing in URL' : null;
}
