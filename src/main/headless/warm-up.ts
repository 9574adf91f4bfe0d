import { connect } from 'node:net';
import type { ListenAddress } from '#main/web/index.ts';

/** So often each is asked. */
const ROUNDS = 100;

/** They find nothing: what is warmed up is the way there and back. */
const PATHS = [
  '/api/v1/query?query=vector(1)&time=1700000000',
  '/api/v1/query_range?query=vector(1)&start=1700000000&end=1700000060&step=15',
  '/api/v1/series?match[]=hearth_warm_up&start=1700000000&end=1700000060',
  '/api/v1/label/hearth_warm_up/values?start=1700000000&end=1700000060',
];

/** Addresses that mean all of this computer, and one that reaches it there. */
const REACHED_AT: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Asks the server itself for trifles over one connection, one after the other, so that V8 has compiled what every
 * request runs through. Resolves when done; what goes wrong ends it silently, for nothing depends on it.
 */
export function warmUpServer({ host, port }: ListenAddress, token: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: REACHED_AT[host] ?? host, port });
    let asked = 0;
    const next = (): void => {
      if (asked >= ROUNDS * PATHS.length) {
        socket.end();
        return;
      }
      const path = PATHS[asked++ % PATHS.length];
      socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    };
    socket.on('connect', next);
    // Each of these answers is small and comes in one piece.
    socket.on('data', next);
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.setTimeout(5000, () => socket.destroy());
  });
}
