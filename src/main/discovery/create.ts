import type { DiscoveryConfig } from '#main/config/index.ts';
import { ec2Discovery } from './cloud/aws/ec2.ts';
import { lightsailDiscovery } from './cloud/aws/lightsail.ts';
import { digitaloceanDiscovery } from './cloud/digitalocean.ts';
import { gceDiscovery } from './cloud/gce.ts';
import { hetznerDiscovery } from './cloud/hetzner.ts';
import { consulDiscovery } from './consul.ts';
import type { Discovery, DiscoveryDeps } from './contract.ts';
import { dnsDiscovery } from './dns.ts';
import { dockerDiscovery } from './docker.ts';
import { dockerswarmDiscovery } from './dockerswarm.ts';
import { fileDiscovery } from './file.ts';
import { httpDiscovery } from './http.ts';
import { kubernetesDiscovery } from './kubernetes.ts';
import { nomadDiscovery } from './nomad.ts';
import { staticDiscovery } from './static.ts';

/** The mechanism that a job configures. One that Hearth does not have yet finds nothing and reports why. */
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
      return dockerDiscovery(config.options, deps);
    case 'dockerswarm':
      return dockerswarmDiscovery(config.options, deps);
    case 'digitalocean':
      return digitaloceanDiscovery(config.options, deps);
    case 'hetzner':
      return hetznerDiscovery(config.options, deps);
    case 'ec2':
      return ec2Discovery(config.options, deps);
    case 'lightsail':
      return lightsailDiscovery(config.options, deps);
    case 'gce':
      return gceDiscovery(config.options, deps);
    case 'consul':
      return consulDiscovery(config.options, deps);
    case 'nomad':
      return nomadDiscovery(config.options, deps);
    case 'kubernetes':
      return kubernetesDiscovery(config.options, deps);
    default:
      return unsupported(config.kind, deps);
  }
}

function unsupported(kind: string, deps: DiscoveryDeps): Discovery {
  return {
    async run(update, signal) {
      deps.report(
        `${kind}_sd_configs is not supported yet: let a program of your own write a file for file_sd_configs`,
      );
      update([]);
      await staticDiscovery([]).run(() => undefined, signal);
    },
  };
}
