import type { kubeContexts as contextsIn } from './kubeconfig.ts';
export type { DiscoveryDeps } from './contract.ts';
export { createDiscovery } from './create.ts';
export { systemDns } from './dns.ts';
export { createDiscoveryManager, type DiscoveryManager } from './manager.ts';
export { systemPrograms } from './programs.ts';
export { lookOnce } from './look-once.ts';

/** The contexts of a kubeconfig file; what reads it is loaded by who asks. */
export const kubeContexts: typeof contextsIn = async (path, files) =>
  (await import('./kubeconfig.ts')).kubeContexts(path, files);
