import { isAbsolute, join } from 'node:path';

/** A path as written, seen from the folder of its file; '' stays ''. */
export function joinPath(folder: string, path: string): string {
  return path === '' || isAbsolute(path) ? path : join(folder, path);
}

/** Property names that hold a path, or a list of paths, wherever they stand in a configuration. */
const PATHS: ReadonlySet<string> = new Set([
  'caFile',
  'certFile',
  'keyFile',
  'usernameFile',
  'passwordFile',
  'credentialsFile',
  'clientSecretFile',
  'authTokenFile',
  'secretKeyFile',
  'keyPassphraseFile',
  'kubeconfigFile',
  'scrapeFailureLogFile',
  'queryLogFile',
]);

/** The value with its relative paths joined to the folder. Plain data only; everything else is shared. */
export function withFolder<T>(value: T, folder: string): T {
  return relocate(value, folder, '') as T;
}

function relocate(value: unknown, folder: string, name: string): unknown {
  if (typeof value === 'string') return PATHS.has(name) ? joinPath(folder, value) : value;
  // `files` of headers and of file discovery.
  if (Array.isArray(value))
    return value.map((item: unknown) =>
      name === 'files' && typeof item === 'string' ? joinPath(folder, item) : relocate(item, folder, ''),
    );
  if (value instanceof Map)
    return new Map([...(value as Map<string, unknown>)].map(([key, item]) => [key, relocate(item, folder, '')]));
  if (typeof value !== 'object' || value === null || 'test' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, relocate(item, folder, key)]));
}
