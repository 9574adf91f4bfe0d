import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DiscoveryDeps } from '#main/discovery/index.ts';
import { realDeps } from './stand-in.ts';

/** One request as a cloud's server gets it. */
export interface CloudRequest {
  readonly method: string;
  /** Host that was meant. */
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The form of the body. */
  readonly form: URLSearchParams;
}

export interface CloudAnswer {
  readonly status?: number;
  readonly text: string;
}

export interface CloudStandIn {
  readonly deps: Partial<DiscoveryDeps>;
  readonly asked: readonly CloudRequest[];
  close(): Promise<void>;
}

export const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

/** A server on loopback in the place of every host, with a clock and files of its own. */
export async function cloudStandIn(
  answer: (request: CloudRequest) => CloudAnswer,
  { env = {}, files = {} }: { readonly env?: Record<string, string>; readonly files?: Record<string, string> } = {},
): Promise<CloudStandIn> {
  const asked: CloudRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let body = '';
      for await (const part of request) body += String(part);
      const headers = request.headers as Record<string, string>;
      const got = {
        method: request.method ?? '',
        host: headers['x-meant-for'],
        path: request.url ?? '',
        headers,
        body,
        form: new URLSearchParams(body),
      };
      asked.push(got);
      const { status = 200, text } = answer(got);
      response.writeHead(status).end(text);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const real = realDeps();
  return {
    asked,
    deps: {
      http: (settings) => {
        const client = real.http(settings);
        return {
          ...client,
          request(request) {
            const { host } = new URL(request.url);
            const url = request.url.replace(/^https?:\/\/[^/]+/, origin);
            return client.request({ ...request, url, headers: { ...request.headers, 'x-meant-for': host } });
          },
        };
      },
      now: () => NOW,
      env,
      files: { ...real.files, read: (path) => Promise.resolve(files[path] ?? null) },
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
