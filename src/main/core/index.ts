export { parserOptionsOf } from '#main/promql/index.ts';
export { CORE_DEFAULTS, type CoreOptions } from './options.ts';
export { spawnCore, type CoreHandle, type SpawnEffects } from './spawn.ts';
export type { HostServices } from './host-services.ts';
