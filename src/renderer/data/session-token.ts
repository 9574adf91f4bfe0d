const STORAGE_KEY = 'hearth.token';

/** This tab may change nothing any more until an address with the token is opened again. */
export function forgetSessionToken(): void {
  window.sessionStorage.removeItem(STORAGE_KEY);
}

/**
 * The session token comes in the fragment of the printed address (`#token=...`), which no server sees. It is kept for this
 * tab and taken out of the address, so that it is not copied along with it.
 */
export function takeSessionToken(): string | null {
  const { hash, pathname, search } = window.location;
  const found = /[#?&]token=([^&]+)/.exec(hash);
  if (found !== null) {
    const token = decodeURIComponent(found[1]);
    window.sessionStorage.setItem(STORAGE_KEY, token);
    const rest = hash.replace(/[#?&]token=[^&]+/, '').replace(/^[&?]/, '');
    window.history.replaceState(
      null,
      '',
      `${pathname}${search}${rest.startsWith('#') || rest === '' ? rest : `#${rest}`}`,
    );
  }
  return window.sessionStorage.getItem(STORAGE_KEY);
}
