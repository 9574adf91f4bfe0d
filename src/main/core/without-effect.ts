import type { PrometheusConfig } from '#main/config/index.ts';

/** Sections of prometheus.yml that are checked but that nothing here acts on, one sentence each. */
export function sectionsWithoutEffect(config: PrometheusConfig): string[] {
  const sections: readonly (readonly [present: boolean, name: string])[] = [
    [config.ruleFiles.length > 0, 'rule_files: rules are not evaluated'],
    [config.alerting.alertmanagers.length > 0, 'alerting: no alerts are sent'],
    [config.remoteWrite.length > 0, 'remote_write: samples are not sent on'],
    [config.remoteRead.length > 0, 'remote_read: other stores are not asked'],
    [config.tracing !== null, 'tracing: no traces are made'],
  ];
  return sections.filter(([present]) => present).map(([, name]) => `without effect yet: ${name}`);
}
