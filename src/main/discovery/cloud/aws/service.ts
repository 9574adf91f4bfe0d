import type { HttpAnswer } from '#main/http/index.ts';
import type { Discovery, DiscoveryDeps } from '../../contract.ts';
import { refreshing, type Refresher } from '../../refreshing.ts';
import { AwsAccess, type AwsOptions } from './access.ts';
import { AwsError, domainOf, signedRequest, succeeded } from './signed.ts';

export interface Caller {
  readonly region: string;
  /** Sends one signed request. @throws AwsError for a refusal */
  call(what: string, headers: Readonly<Record<string, string>>, body: string): Promise<string>;
}

/** A discovery that asks one of Amazon's services with the job's credentials. */
export function awsDiscovery(
  service: 'ec2' | 'lightsail',
  options: AwsOptions & { readonly endpoint: string; readonly refreshInterval: number },
  deps: DiscoveryDeps,
  find: (caller: Caller, warn: (problem: string) => void) => ReturnType<Refresher['refresh']>,
): Discovery {
  return refreshing(deps, service, options.refreshInterval, () => {
    const client = deps.http(options.http);
    const access = new AwsAccess(options, deps);
    return {
      async refresh(signal, warn) {
        const given = await access.get(signal);
        const { region } = given;
        const host = options.endpoint || `${service}.${region}.${domainOf(region)}`;
        const url = (/^https?:\/\//.test(host) ? host : `https://${host}`).replace(/\/*$/, '/');
        const call: Caller['call'] = async (what, headers, body) => {
          const request = await signedRequest(given, service, url, headers, body, deps.now());
          const answer: HttpAnswer = await client.request({
            ...request,
            timeout: 30_000,
            maxBytes: 256 * 1024 * 1024,
            signal,
          });
          return succeeded(what, answer);
        };
        try {
          return await find({ region, call }, warn);
        } catch (error) {
          if (error instanceof AwsError) access.forget();
          throw error;
        }
      },
      async close() {
        await Promise.all([client.close(), access.close()]);
      },
    };
  });
}
