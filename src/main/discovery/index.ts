export type { DiscoveryDeps } from './contract.ts';
export { createDiscovery } from './create.ts';
export { systemDns } from './dns.ts';
export { createDiscoveryManager, type DiscoveryManager } from './manager.ts';
export { systemPrograms } from './programs.ts';
export { kubeContexts } from './kubeconfig.ts';
export { lookOnce } from './look-once.ts';
