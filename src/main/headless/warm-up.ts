import { connect } from 'node:net';
import type { Millis } from '#shared/model/index.ts';
import type { OwnQueries } from '#main/core/index.ts';
import type { ListenAddress } from '#main/web/index.ts';

/** So often each is asked over one connection. */
const ROUNDS = 8;
const OWN_ROUNDS = 3;
/** Connections, one after the other: only the second or third looks to V8 like all that follow. */
const CONNECTIONS = 4;
const TIMEOUT: Millis = 5000;
const HOUR = 3600;

/** They find nothing: what is warmed up is the way there and back. */
const PATHS = [
  '/api/v1/query?query=vector(1)&time=1700000000',
  '/api/v1/query_range?query=vector(1)&start=1700000000&end=1700000060&step=15',
  '/api/v1/series?match[]=hearth_warm_up&start=1700000000&end=1700000060',
  '/api/v1/label/hearth_warm_up/values?start=1700000000&end=1700000060',
];

/** Addresses that mean all of this computer, and one that reaches it there. */
const REACHED_AT: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** The same over what is stored: each expression now, the first of each kind over an hour, too. */
function ownPaths({ time, exprs }: OwnQueries): readonly string[] {
  const end = time / 1000 + 1;
  const instant = exprs.map((expr) => `/api/v1/query?query=${encodeURIComponent(expr)}&time=${end}`);
  const over = (expr: string): string =>
    `/api/v1/query_range?query=${encodeURIComponent(expr)}&start=${end - HOUR}&end=${end}&step=60`;
  const names = exprs.length === 0 ? [] : [`/api/v1/label/instance/values?start=${end - HOUR}&end=${end}`];
  return [...instant, ...exprs.slice(0, 2).map(over), ...names];
}

/** Where the answer that begins a text ends, or -1 when that is still to come. */
function endOfAnswer(text: string): number {
  const body = text.indexOf('\r\n\r\n') + 4;
  if (body < 4) return -1;
  const length = /^content-length: *(\d+)\r$/im.exec(text.slice(0, body));
  if (length !== null) return body + Number(length[1]) <= text.length ? body + Number(length[1]) : -1;
  const last = text.indexOf('\r\n0\r\n\r\n', body - 2);
  return last < 0 ? -1 : last + 7;
}

/** Asks for each path in turn over a connection of its own. Resolves with whether all was answered. */
function askAll({ host, port }: ListenAddress, token: string, paths: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    // A plain socket: with a client of Node in the same thread V8 would see two kinds of everything.
    const socket = connect({ host: REACHED_AT[host] ?? host, port })
      .setEncoding('latin1')
      .setNoDelay();
    let asked = 0;
    let answer = '';
    const next = (): void => {
      if (asked === paths.length) socket.end();
      else
        socket.write(
          `GET ${paths[asked++]} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: keep-alive\r\nAuthorization: Bearer ${token}\r\n\r\n`,
        );
    };
    socket.on('connect', next);
    socket.on('data', (piece: string) => {
      answer += piece;
      if (endOfAnswer(answer) < 0) return;
      answer = '';
      next();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(asked === paths.length && answer === ''));
    socket.setTimeout(TIMEOUT, () => socket.destroy());
  });
}

/**
 * Asks the server itself, one question after the other, so that V8 has compiled what requests run through. Resolves
 * when done; what goes wrong ends it silently, for nothing depends on it.
 */
export async function warmUpServer(address: ListenAddress, token: string, own: OwnQueries): Promise<void> {
  const times = (count: number, paths: readonly string[]): readonly string[] =>
    Array.from({ length: count }, () => paths).flat();
  const paths = [...times(ROUNDS, PATHS), ...times(OWN_ROUNDS, ownPaths(own))];
  for (let i = 0; i < CONNECTIONS; i++) if (!(await askAll(address, token, paths))) return;
}
