import type { RelabelConfig } from '#main/config/index.ts';
import { compileAnchored } from '#shared/model/index.ts';

/** A relabelling rule with the defaults of prometheus.yml. */
export function rule(given: Partial<Omit<RelabelConfig, 'regex'>> & { regex?: string }): RelabelConfig {
  return {
    sourceLabels: [],
    separator: ';',
    modulus: 0n,
    targetLabel: '',
    replacement: '$1',
    action: 'replace',
    ...given,
    regex: compileAnchored(given.regex ?? '(.*)'),
  };
}
