export * from './model.ts';
export { loadPrometheusConfig, formatLoadError, DEFAULT_GLOBAL, type LoadOptions, type LoadResult } from './load.ts';
export { DEFAULT_HTTP, NO_TLS } from './schema/http-client.ts';
export type { DiscoveryKind, DiscoveryOptions } from './schema/discovery.ts';
export type { Problem } from './decode/yaml-source.ts';
