export * from './model.ts';
export { loadPrometheusConfig, formatLoadError, DEFAULT_GLOBAL, type LoadOptions, type LoadResult } from './load.ts';
export { DEFAULT_HTTP, NO_TLS } from './schema/http-client.ts';
export type { DiscoveryKind, DiscoveryOptions } from './schema/discovery.ts';
export type { Problem } from './decode/yaml-source.ts';
export {
  createConfigStore,
  type ConfigStore,
  type ConfigStoreOptions,
  type RunningConfig,
} from './store/config-store.ts';
export { nodeConfigFs, type ConfigFs } from './store/config-fs.ts';
export type { HearthConfig } from './store/hearth-file.ts';
export { fileSecretStore, resolveSecret, secretId, type SecretStore } from './store/secret-store.ts';
export { maskSecrets } from './store/mask-secrets.ts';
export {
  createPreferences,
  DEFAULT_PREFERENCES,
  fileBackend,
  type PreferencesBackend,
  type PreferencesStore,
} from './preferences.ts';
export { resolveRetention, retentionFlagProblem, type Retention, type RetentionFlags } from './retention.ts';
export { readTargetGroups, type TargetGroupsResult } from './target-groups.ts';
export {
  duplicateRules,
  readRuleFile,
  type DuplicateRule,
  type Rule,
  type RuleFileOptions,
  type RuleFileResult,
  type RuleGroup,
} from './rules/rule-file.ts';
export { dataFolders, type DataFolders } from './folders.ts';
