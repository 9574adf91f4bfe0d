import { DISCOVERY_FIELDS } from '#shared/contract/index.ts';
import type { Desired } from './plain-value.ts';
import type { PlainMap } from './plain-map.ts';

/** Order in which keys are written where the file gives none. */
const ORDER = [
  'job_name',
  'honor_labels',
  'honor_timestamps',
  'scrape_interval',
  'scrape_timeout',
  'scheme',
  'metrics_path',
  'params',
  'basic_auth',
  'authorization',
  'bearer_token',
  'oauth2',
  'tls_config',
  'proxy_url',
  'no_proxy',
  'proxy_from_environment',
  'http_headers',
  'sample_limit',
  'body_size_limit',
  'target_limit',
  'label_limit',
  'label_name_length_limit',
  'label_value_length_limit',
  ...Object.keys(DISCOVERY_FIELDS).map((kind) => `${kind}_sd_configs`),
  'static_configs',
  'relabel_configs',
  'metric_relabel_configs',
];

/** A job's keys while they are being changed: new ones go where a person would write them. */
export class JobKeys {
  private entries: [string, Desired][];
  constructor(job: PlainMap) {
    this.entries = [...job];
  }

  get(key: string): Desired | undefined {
    return this.entries.find(([name]) => name === key)?.[1];
  }

  set(key: string, value: Desired | undefined): void {
    const at = this.entries.findIndex(([name]) => name === key);
    if (value === undefined) this.entries = this.entries.filter(([name]) => name !== key);
    else if (at >= 0) this.entries[at] = [key, value];
    else {
      const later = new Set(ORDER.slice(ORDER.indexOf(key) + 1));
      const before = this.entries.findIndex(([name]) => later.has(name));
      this.entries.splice(before < 0 ? this.entries.length : before, 0, [key, value]);
    }
  }

  toMap(): ReadonlyMap<string, Desired> {
    return new Map(this.entries);
  }
}
