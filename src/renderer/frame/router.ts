import { useSyncExternalStore } from 'react';

/** Where the window is: `#/live/<target>?q=..` is path `['live', '<target>']` and query `q`. */
export interface Route {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const parts = path.split('/').filter((part) => part !== '');
  return { path: parts.map(decodePart), query: new URLSearchParams(query) };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A mistyped escape in the address is shown as it was typed.
    return part;
  }
}

/** The address of a place: `routeTo(['explore'], {expr: 'up'})` is `#/explore?expr=up`. Nulls are left out. */
export function routeTo(path: readonly string[], query: Readonly<Record<string, string | null>> = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== null) params.set(name, value);
  const text = params.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

/** Goes to an address made by `routeTo`. `replace` leaves no step in the history (typing, selections). */
export function navigate(hash: string, options: { readonly replace?: boolean } = {}): void {
  if (hash === window.location.hash) return;
  if (options.replace === true) {
    window.history.replaceState(null, '', hash);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else window.location.hash = hash;
}

let current = { hash: '', route: parseRoute('') };

function readRoute(): Route {
  const hash = window.location.hash;
  if (hash !== current.hash) current = { hash, route: parseRoute(hash) };
  return current.route;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, readRoute);
}
