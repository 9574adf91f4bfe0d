import type { DiscoveryConfig, DiscoveryOptions } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';
import { dnsDiscovery } from './dns.ts';
import { fileDiscovery } from './file.ts';
import { httpDiscovery } from './http.ts';
import { staticDiscovery } from './static.ts';

/** The mechanism that a job configures. One that Hearth does not have finds nothing and reports why. */
export function createDiscovery(config: DiscoveryConfig, deps: DiscoveryDeps): Discovery {
  switch (config.kind) {
    case 'static':
      return staticDiscovery(config.groups);
    case 'file':
      return fileDiscovery(config.options, deps);
    case 'http':
      return httpDiscovery(config.options, deps);
    case 'dns':
      return dnsDiscovery(config.options, deps);
    case 'docker':
      return loaded(async () => (await import('./docker.ts')).dockerDiscovery(config.options, deps));
    case 'dockerswarm':
      return loaded(async () => (await import('./dockerswarm.ts')).dockerswarmDiscovery(config.options, deps));
    case 'consul':
      return loaded(async () => (await import('./consul.ts')).consulDiscovery(config.options, deps));
    case 'nomad':
      return loaded(async () => (await import('./nomad.ts')).nomadDiscovery(config.options, deps));
    case 'aws':
      return awsRole(config.options, deps);
    case 'ec2':
      return ec2(config.options, deps);
    case 'lightsail':
      return lightsail(config.options, deps);
    case 'azure':
      return loaded(async () => (await import('./cloud/azure.ts')).azureDiscovery(config.options, deps));
    case 'digitalocean':
      return loaded(async () => (await import('./cloud/digitalocean.ts')).digitaloceanDiscovery(config.options, deps));
    case 'gce':
      return loaded(async () => (await import('./cloud/gce.ts')).gceDiscovery(config.options, deps));
    case 'hetzner':
      return loaded(async () => (await import('./cloud/hetzner.ts')).hetznerDiscovery(config.options, deps));
    case 'kubernetes':
      return loaded(async () => (await import('./kubernetes.ts')).kubernetesDiscovery(config.options, deps));
    default:
      return unsupported(`${config.kind}_sd_configs`, deps);
  }
}

/** A mechanism whose code, and the libraries it takes, are loaded only by who uses it. */
function loaded(load: () => Promise<Discovery>): Discovery {
  return { run: async (update, signal) => (await load()).run(update, signal) };
}

function ec2(options: DiscoveryOptions<'ec2'>, deps: DiscoveryDeps): Discovery {
  return loaded(async () => (await import('./cloud/aws/ec2.ts')).ec2Discovery(options, deps));
}

function lightsail(options: DiscoveryOptions<'lightsail'>, deps: DiscoveryDeps): Discovery {
  return loaded(async () => (await import('./cloud/aws/lightsail.ts')).lightsailDiscovery(options, deps));
}

/** `aws_sd_configs` is the mechanism that its role names, with the same settings. */
function awsRole(options: DiscoveryOptions<'aws'>, deps: DiscoveryDeps): Discovery {
  switch (options.role) {
    case 'ec2':
      return ec2(options, deps);
    case 'lightsail':
      return lightsail(options, deps);
    default:
      return unsupported(`aws_sd_configs with role ${options.role}`, deps);
  }
}

function unsupported(what: string, deps: DiscoveryDeps): Discovery {
  return {
    async run(update, signal) {
      deps.report(
        `${what} is not supported: let a program of your own write a file for file_sd_configs, or answer http_sd_configs`,
      );
      update([]);
      await staticDiscovery([]).run(() => undefined, signal);
    },
  };
}
