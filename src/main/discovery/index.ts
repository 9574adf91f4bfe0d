export type { Discovery, DiscoveryDeps, DnsResolver } from './contract.ts';
export { createDiscovery } from './create.ts';
export { systemDns } from './dns.ts';
export {
  createDiscoveryManager,
  type DiscoveryManager,
  type DiscoveryManagerOptions,
  type JobDiscovery,
} from './manager.ts';
