export * from './model.ts';
export { loadPrometheusConfig, formatLoadError, DEFAULT_GLOBAL, type LoadOptions, type LoadResult } from './load.ts';
export { DEFAULT_HTTP } from './schema/http-client.ts';
export type { DiscoveryOptions } from './schema/discovery.ts';
export { createConfigStore, type ConfigStore, type ConfigStoreOptions } from './store/config-store.ts';
export { nodeConfigFs, type ConfigFs } from './store/config-fs.ts';
export { fileSecretStore, resolveSecret, type SecretStore } from './store/secret-store.ts';
export { maskSecrets } from './store/mask-secrets.ts';
export {
  createPreferences,
  DEFAULT_PREFERENCES,
  fileBackend,
  type PreferencesBackend,
  type PreferencesStore,
} from './preferences.ts';
export { resolveRetention, retentionFlagProblem, type RetentionFlags } from './retention.ts';
export { readTargetGroups } from './target-groups.ts';
export { duplicateRules, readRuleFile, type RuleFileOptions, type RuleGroup } from './rules/rule-file.ts';
export { dataFolders } from './folders.ts';
