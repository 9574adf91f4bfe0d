import type { DiscoveryOptions } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';
import { from, readJsonGroups } from './group-list.ts';
import { refreshing } from './refreshing.ts';

const JSON_TYPE = /^application\/json(;\s*charset=("utf-8"|utf-8))?$/i;

/** Targets that a web server lists as JSON. */
export function httpDiscovery(options: DiscoveryOptions<'http'>, deps: DiscoveryDeps): Discovery {
  const { url, refreshInterval } = options;
  const shown = url.replace(/\/\/[^/@]*@/, '//');
  return refreshing(deps, shown, refreshInterval, () => {
    const client = deps.http(options.http);
    return {
      async refresh(signal) {
        const answer = await client.request({
          url,
          headers: {
            accept: 'application/json',
            'x-prometheus-refresh-interval-seconds': String(refreshInterval / 1000),
          },
          timeout: refreshInterval,
          maxBytes: 256 * 1024 * 1024,
          signal,
        });
        if (answer.status !== 200) throw new Error(`server returned HTTP status ${answer.status}`);
        const type = String(answer.headers['content-type'] ?? '').trim();
        if (!JSON_TYPE.test(type)) throw new Error(`unsupported content type "${type}"`);
        return from(readJsonGroups(answer.body.toString('utf8')), url, '__meta_url');
      },
      close: () => client.close(),
    };
  });
}
