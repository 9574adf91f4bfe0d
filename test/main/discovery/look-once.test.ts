import { expect, test } from 'vitest';
import { lookOnce } from '#main/discovery/index.ts';
import { addresses, configured, realDeps, standIn } from './stand-in.ts';

const never = (): Promise<void> => new Promise(() => undefined);

test('each way is asked once: what they find, and what those say that find nothing', async () => {
  let asked = 0;
  const server = await standIn(() => {
    asked++;
    return [{ targets: ['a:1', 'b:2'], labels: {} }];
  });
  const signal = new AbortController().signal;
  const found = await lookOnce(
    [
      configured(`http_sd_configs: [{url: '${server.origin}/'}]`),
      configured("http_sd_configs: [{url: 'http://127.0.0.1:1/'}]"),
      configured('triton_sd_configs: [{account: a, dns_suffix: b, endpoint: c}]'),
    ],
    realDeps(),
    never,
    signal,
  );
  await server.close();
  expect(addresses(found.groups)).toEqual(['a:1', 'b:2']);
  expect(found.problems).toHaveLength(2);
  expect(found.problems[1]).toContain('triton_sd_configs is not supported');
  expect(asked).toBe(1);
});

test('one that does not answer does not hold the others up', async () => {
  const silent = await standIn(() => undefined);
  const configs = [
    configured(`http_sd_configs: [{url: '${silent.origin}/'}]`),
    configured("file_sd_configs: [{files: ['/nowhere/*.yml']}]"),
  ];
  const found = await lookOnce(configs, realDeps(), () => Promise.resolve(), new AbortController().signal);
  await silent.close();
  expect(found.problems).toContain('http: no answer');
});
