import type { Labels } from '#shared/model/index.ts';
import { EMPTY_LABELS } from '#shared/model/index.ts';
import type { DiscoveryOptions } from '#main/config/index.ts';
import type { Discovery, DiscoveryDeps } from '../../contract.ts';
import { hostPort, joined, prefixed, targetLabels } from '../../target-labels.ts';
import { awsDiscovery, type Caller } from './service.ts';
import { items, parseXml, textAt, type Element } from './xml.ts';

const VERSION = '2016-11-15';
const PREFIX = '__meta_ec2_';

/** Instances of Amazon EC2 in one region, by their private address, or by an IPv6 one where they have no other. */
export function ec2Discovery(options: DiscoveryOptions<'ec2'>, deps: DiscoveryDeps): Discovery {
  // The zones of a region stay what they are.
  let zones: ReadonlyMap<string, string> | null = null;
  return awsDiscovery('ec2', options, deps, async (caller, warn) => {
    if (zones === null)
      try {
        zones = await zoneIds(caller);
      } catch (error) {
        // The right to ask for zones may be missing: everything else is known without.
        warn(`availability zone ids are unknown: ${(error as Error).message}`);
      }
    const targets: Labels[] = [];
    const parameters = filterParameters(options.filters);
    for (let token = ''; ;) {
      const page = await ask(
        caller,
        'DescribeInstances',
        token === '' ? parameters : { ...parameters, NextToken: token },
      );
      for (const reservation of items(page, 'reservationSet'))
        for (const instance of items(reservation, 'instancesSet')) {
          const network = networkOf(instance);
          const address = textAt(instance, 'privateIpAddress') || network.defaultIpv6;
          if (address === '') continue;
          const owner = textAt(reservation, 'ownerId');
          targets.push(
            targetLabels(hostPort(address, options.port), {
              ...labelsOf(instance, owner, zones ?? new Map(), caller.region),
              ...network.labels,
            }),
          );
        }
      token = textAt(page, 'nextToken');
      if (token === '') return [{ source: caller.region, targets, labels: EMPTY_LABELS }];
    }
  });
}

async function ask(caller: Caller, action: string, parameters: Readonly<Record<string, string>>): Promise<Element> {
  const form = new URLSearchParams({ Action: action, Version: VERSION, ...parameters });
  return parseXml(await caller.call(action, {}, form.toString()));
}

async function zoneIds(caller: Caller): Promise<ReadonlyMap<string, string>> {
  const answer = await ask(caller, 'DescribeAvailabilityZones', {});
  return new Map(
    items(answer, 'availabilityZoneInfo').map((zone) => [textAt(zone, 'zoneName'), textAt(zone, 'zoneId')]),
  );
}

function filterParameters(filters: DiscoveryOptions<'ec2'>['filters']): Readonly<Record<string, string>> {
  const parameters: Record<string, string> = {};
  for (const [i, { name, values }] of filters.entries()) {
    parameters[`Filter.${i + 1}.Name`] = name;
    for (const [j, value] of values.entries()) parameters[`Filter.${i + 1}.Value.${j + 1}`] = value;
  }
  return parameters;
}

function labelsOf(
  instance: Element,
  owner: string,
  zones: ReadonlyMap<string, string>,
  region: string,
): Readonly<Record<string, string>> {
  const text = (...path: readonly string[]): string => textAt(instance, ...path);
  const zone = text('placement', 'availabilityZone');
  const publicIp = text('ipAddress');
  return {
    [`${PREFIX}ami`]: text('imageId'),
    [`${PREFIX}architecture`]: text('architecture'),
    [`${PREFIX}availability_zone`]: zone,
    [`${PREFIX}availability_zone_id`]: zones.get(zone) ?? '',
    [`${PREFIX}instance_id`]: text('instanceId'),
    [`${PREFIX}instance_lifecycle`]: text('instanceLifecycle'),
    [`${PREFIX}instance_state`]: text('instanceState', 'name'),
    [`${PREFIX}instance_type`]: text('instanceType'),
    [`${PREFIX}owner_id`]: owner,
    [`${PREFIX}platform`]: text('platform'),
    [`${PREFIX}private_dns_name`]: text('privateDnsName'),
    [`${PREFIX}private_ip`]: text('privateIpAddress'),
    [`${PREFIX}public_dns_name`]: publicIp === '' ? '' : text('dnsName'),
    [`${PREFIX}public_ip`]: publicIp,
    [`${PREFIX}region`]: region,
    ...prefixed(
      `${PREFIX}tag_`,
      Object.fromEntries(items(instance, 'tagSet').map((tag) => [textAt(tag, 'key'), textAt(tag, 'value')])),
    ),
  };
}

interface Network {
  readonly labels: Readonly<Record<string, string>>;
  /** The first primary IPv6 address, else the first one; '' without. */
  readonly defaultIpv6: string;
}

/** What an instance's network interfaces say; nothing outside of a virtual private cloud. */
function networkOf(instance: Element): Network {
  if (textAt(instance, 'vpcId') === '') return { labels: {}, defaultIpv6: '' };
  const subnets = new Set<string>();
  const addresses: string[] = [];
  /** By the interface's device index: an interface without one leaves an empty place. */
  const primary: string[] = [];
  for (const network of items(instance, 'networkInterfaceSet')) {
    const subnet = textAt(network, 'subnetId');
    if (subnet === '') continue;
    subnets.add(subnet);
    for (const each of items(network, 'ipv6AddressesSet')) {
      const address = textAt(each, 'ipv6Address');
      addresses.push(address);
      if (textAt(each, 'isPrimaryIpv6') !== 'true') continue;
      const index = Number(textAt(network, 'attachment', 'deviceIndex'));
      while (primary.length <= index) primary.push('');
      primary[index] = address;
    }
  }
  const defaultIpv6 = [...primary, ...addresses].find((address) => address !== '') ?? '';
  return {
    defaultIpv6,
    labels: {
      [`${PREFIX}vpc_id`]: textAt(instance, 'vpcId'),
      [`${PREFIX}primary_subnet_id`]: textAt(instance, 'subnetId'),
      [`${PREFIX}subnet_id`]: `,${[...subnets].join(',')},`,
      [`${PREFIX}default_ipv6_address`]: defaultIpv6,
      [`${PREFIX}ipv6_addresses`]: joined(addresses, ','),
      [`${PREFIX}primary_ipv6_addresses`]: joined(primary, ','),
    },
  };
}
