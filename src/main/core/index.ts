export { parserOptionsOf } from '#main/promql/index.ts';
export { startCore, type Core } from './core.ts';
export type { OwnQueries } from '#main/query/index.ts';
export type { CoreEffects } from './effects.ts';
export { CORE_DEFAULTS, type CoreOptions } from './options.ts';
export { spawnCore, type CoreHandle, type SpawnEffects } from './spawn.ts';
export { threadEffects } from './thread-effects.ts';
export type { HostServices } from './host-services.ts';
