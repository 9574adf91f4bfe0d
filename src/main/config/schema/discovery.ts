import { list, type Decoder } from '../decode/decoder.ts';
import { field, struct } from '../decode/struct.ts';
import type { DiscoveryConfig } from '../model.ts';
import * as cloud from './discovery-cloud.ts';
import * as local from './discovery-local.ts';
import { kubernetesSd } from './discovery-kubernetes.ts';

/** Schema of each discovery mechanism, by its key without `_sd_configs`. */
export const discoveryKinds = {
  aws: cloud.awsSd,
  azure: cloud.azureSd,
  consul: local.consulSd,
  digitalocean: cloud.digitaloceanSd,
  dns: local.dnsSd,
  docker: local.dockerSd,
  dockerswarm: local.dockerswarmSd,
  ec2: cloud.ec2Sd,
  ecs: cloud.ecsSd,
  elasticache: cloud.elasticacheSd,
  eureka: local.eurekaSd,
  file: local.fileSd,
  gce: cloud.gceSd,
  hetzner: cloud.hetznerSd,
  http: local.httpSd,
  ionos: cloud.ionosSd,
  kubernetes: kubernetesSd,
  kuma: local.kumaSd,
  lightsail: cloud.lightsailSd,
  linode: cloud.linodeSd,
  marathon: local.marathonSd,
  msk: cloud.mskSd,
  nerve: local.nerveSd,
  nomad: local.nomadSd,
  oci: cloud.ociSd,
  openstack: cloud.openstackSd,
  outscale: cloud.outscaleSd,
  ovhcloud: cloud.ovhcloudSd,
  puppetdb: cloud.puppetdbSd,
  rds: cloud.rdsSd,
  scaleway: cloud.scalewaySd,
  serverset: local.serversetSd,
  stackit: cloud.stackitSd,
  triton: cloud.tritonSd,
  uyuni: cloud.uyuniSd,
  vultr: cloud.vultrSd,
} as const;

type Kinds = typeof discoveryKinds;
export type DiscoveryKind = keyof Kinds;
export type DiscoveryOptions<K extends DiscoveryKind> = Kinds[K] extends Decoder<infer T> ? T : never;

const keys = (Object.keys(discoveryKinds) as DiscoveryKind[]).map(
  (kind) => [kind, `${kind}_sd_configs`, `${kind}SdConfigs`] as const,
);

const fields = Object.fromEntries(
  keys.map(([kind, key]) => [
    key,
    field(list(discoveryKinds[kind] as Decoder<unknown>, `empty or null section in ${key}`)),
  ]),
);

/** All discovery keys of a job or of an Alertmanager section, to be inlined; static groups come as one mechanism. */
export const discovery = struct({
  type: 'discovery.Configs',
  fields: {
    ...fields,
    static_configs: field(list(local.staticGroup, 'empty or null section in static_configs')),
  },
  build(value): readonly DiscoveryConfig[] {
    const lists = value as unknown as Readonly<Record<string, readonly unknown[]>>;
    const found: DiscoveryConfig[] = [];
    if (value.staticConfigs.length > 0)
      found.push({
        kind: 'static',
        groups: value.staticConfigs.map((group, i) => ({ ...group, source: String(i) })),
      });
    for (const [kind, , name] of keys)
      for (const options of lists[name]) found.push({ kind, options } as DiscoveryConfig);
    return found;
  },
});

/** Targets that are URLs instead of addresses; only looked at where no relabelling could repair them. */
export function staticTargetProblem(discovery: readonly DiscoveryConfig[]): string | null {
  for (const config of discovery) if (config.kind === 'static') return local.badAddress(config.groups);
  return null;
}
