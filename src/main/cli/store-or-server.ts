import type { StorageError } from '#main/storage/index.ts';

/** The address of a server as typed, ready for relative paths. */
export function serverUrl(text: string): URL {
  const url = new URL(/^https?:\/\//.test(text) ? text : `http://${text}`);
  url.hash = '';
  url.search = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

export function authorization(token: string | null): Record<string, string> {
  return token === null ? {} : { authorization: `Bearer ${token}` };
}

/** What is wrong with a store, and what else to do where there is something. */
export function storeProblem(error: StorageError): string {
  if (error.kind !== 'locked') return error.message;
  return `${error.message}\nThe one that runs can be used with --url=http://127.0.0.1:9099 (or where it listens).`;
}
