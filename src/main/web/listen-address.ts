export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** `host:port`, `:port`, `[::1]:port`; null for anything else. Port 0 is any free one. */
export function parseListenAddress(text: string): ListenAddress | null {
  const match = /^(?:\[([0-9a-fA-F:.%\w]+)\]|([^:[\]\s]*)):(\d{1,5})$/.exec(text);
  if (match === null || Number(match[3]) > 65_535) return null;
  const host = match[1] ?? match[2];
  return { host: host === '' ? '0.0.0.0' : host, port: Number(match[3]) };
}

/** The address as a link that works on this computer, without a slash at its end. */
export function addressUrl({ host, port }: ListenAddress): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
