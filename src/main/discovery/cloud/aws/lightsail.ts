import { z } from 'zod';
import { EMPTY_LABELS, type Labels } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from '../../contract.ts';
import { hostPort, joined, prefixed, targetLabels } from '../../target-labels.ts';
import { awsDiscovery } from './service.ts';

const instance = z.object({
  name: z.string(),
  blueprintId: z.string().default(''),
  bundleId: z.string().default(''),
  supportCode: z.string().default(''),
  privateIpAddress: z.string().nullish(),
  publicIpAddress: z.string().nullish(),
  ipv6Addresses: z.array(z.string()).nullish(),
  location: z.object({ availabilityZone: z.string().default('') }).nullish(),
  state: z.object({ name: z.string().default('') }).nullish(),
  tags: z.array(z.object({ key: z.string().nullish(), value: z.string().nullish() })).nullish(),
});
const page = z.object({ instances: z.array(instance).nullish(), nextPageToken: z.string().nullish() });

const PREFIX = '__meta_lightsail_';
const HEADERS = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Lightsail_20161128.GetInstances' };

/** Instances of Amazon Lightsail in one region, by their private address. */
export function lightsailDiscovery(options: DiscoveryOptions<'lightsail'>, deps: DiscoveryDeps): Discovery {
  return awsDiscovery('lightsail', options, deps, async (caller) => {
    const { region } = caller;
    const targets: Labels[] = [];
    for (let pageToken: string | null = null; ;) {
      const body = JSON.stringify(pageToken === null ? {} : { pageToken });
      const answer = page.parse(JSON.parse(await caller.call('GetInstances', HEADERS, body)));
      for (const each of answer.instances ?? [])
        if (each.privateIpAddress) targets.push(target(each, each.privateIpAddress, region, options.port));
      pageToken = answer.nextPageToken || null;
      if (pageToken === null) return [{ source: region, targets, labels: EMPTY_LABELS }];
    }
  });
}

function target(each: z.output<typeof instance>, ip: string, region: string, port: number): Labels {
  const tags = (each.tags ?? []).flatMap(({ key, value }) =>
    typeof key === 'string' && typeof value === 'string' ? [[key, value] as const] : [],
  );
  return targetLabels(hostPort(ip, port), {
    [`${PREFIX}availability_zone`]: each.location?.availabilityZone ?? '',
    [`${PREFIX}blueprint_id`]: each.blueprintId,
    [`${PREFIX}bundle_id`]: each.bundleId,
    [`${PREFIX}instance_name`]: each.name,
    [`${PREFIX}instance_state`]: each.state?.name ?? '',
    [`${PREFIX}instance_support_code`]: each.supportCode,
    [`${PREFIX}private_ip`]: ip,
    [`${PREFIX}public_ip`]: each.publicIpAddress ?? '',
    [`${PREFIX}ipv6_addresses`]: joined(each.ipv6Addresses ?? [], ','),
    [`${PREFIX}region`]: region,
    ...prefixed(`${PREFIX}tag_`, Object.fromEntries(tags)),
  });
}
