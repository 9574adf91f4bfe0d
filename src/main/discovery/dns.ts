import { Resolver } from 'node:dns/promises';
import { EMPTY_LABELS, type Labels } from '#shared/model/index.ts';
import type { DiscoveryOptions, TargetGroup } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps, DnsResolver } from './contract.ts';
import { refreshing } from './refreshing.ts';
import { hostPort, targetLabels } from './target-labels.ts';

/** Targets that DNS records name. A name that cannot be looked up keeps what it had; one that does not exist has none. */
export function dnsDiscovery(options: DiscoveryOptions<'dns'>, deps: DiscoveryDeps): Discovery {
  const known = new Map<string, TargetGroup>();
  return refreshing(deps, 'DNS', options.refreshInterval, () => ({
    async refresh(_, warn) {
      const problems: string[] = [];
      await Promise.all(
        options.names.map(async (name) => {
          try {
            const targets = await lookup(deps.dns, options.type.toUpperCase(), name, options.port);
            known.set(name, { source: name, targets, labels: EMPTY_LABELS });
          } catch (error) {
            problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
          }
        }),
      );
      if (problems.length > 0 && known.size === 0) throw new Error(problems.join('; '));
      if (problems.length > 0) warn(problems.join('; '));
      return options.names.flatMap((name) => known.get(name) ?? []);
    },
  }));
}

/** A name with the dot that ends it, as servers write it. */
function rooted(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}

function unrooted(name: string): string {
  return name.replace(/\.+$/, '');
}

async function lookup(dns: DnsResolver, type: string, name: string, port: number): Promise<readonly Labels[]> {
  const target = (host: string, at: number, meta: Readonly<Record<string, string>> = {}): Labels =>
    targetLabels(hostPort(unrooted(host), at), { __meta_dns_name: name, ...meta });
  switch (type) {
    case 'SRV':
      return (await dns.srv(name)).map((record) =>
        target(record.name, record.port, {
          __meta_dns_srv_record_target: rooted(record.name),
          __meta_dns_srv_record_port: String(record.port),
        }),
      );
    case 'MX':
      return (await dns.mx(name)).map(({ exchange }) =>
        target(exchange, port, { __meta_dns_mx_record_target: rooted(exchange) }),
      );
    case 'NS':
      return (await dns.ns(name)).map((host) => target(host, port, { __meta_dns_ns_record_target: rooted(host) }));
    case 'AAAA':
      return (await dns.aaaa(name)).map((address) => target(address, port));
    default:
      return (await dns.a(name)).map((address) => target(address, port));
  }
}

const NO_SUCH_NAME: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'NOTFOUND', 'NODATA']);

/** The system's DNS servers, or those given (`host:port`). */
export function systemDns(servers?: readonly string[]): DnsResolver {
  const resolver = new Resolver({ timeout: 5000, tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  const existing = async <T>(work: Promise<readonly T[]>): Promise<readonly T[]> => {
    try {
      return await work;
    } catch (error) {
      if (NO_SUCH_NAME.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  };
  return {
    srv: (name) => existing(resolver.resolveSrv(name)),
    mx: (name) => existing(resolver.resolveMx(name)),
    ns: (name) => existing(resolver.resolveNs(name)),
    a: (name) => existing(resolver.resolve4(name)),
    aaaa: (name) => existing(resolver.resolve6(name)),
  };
}
