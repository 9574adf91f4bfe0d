import { quoteGo } from '#shared/model/index.ts';
import { list, optional, type Decoder } from '../decode/decoder.ts';
import { checkedText, int } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';
import { alerting } from './alerting.ts';
import { globalSection } from './global.ts';
import { otlp } from './otlp.ts';
import { remoteReads, remoteWrites } from './remote.ts';
import { scrapeJobs } from './scrape.ts';
import { storage } from './storage.ts';
import { tracing } from './tracing.ts';

/** Only the last path element may have a star. */
const PATH_PATTERN = /^[^*]*(\*[^/]*)?$/;

function pathPattern(what: string): Decoder<string> {
  return checkedText((path) => (PATH_PATTERN.test(path) ? null : `invalid ${what} file path ${quoteGo(path)}`));
}

const runtime = struct({ type: 'config.RuntimeConfig', fields: { gogc: field(int, 75) } });

/** The whole of prometheus.yml. */
export const configFile = struct({
  type: 'config.plain',
  fields: {
    global: field(globalSection),
    runtime: field(runtime, runtime.defaults()),
    alerting: field(alerting),
    rule_files: field(list(pathPattern('rule'))),
    scrape_config_files: field(list(pathPattern('scrape config'))),
    scrape_configs: field(scrapeJobs),
    storage: field(storage, storage.defaults()),
    tracing: field(optional(tracing)),
    remote_write: field(remoteWrites),
    remote_read: field(remoteReads),
    otlp: field(otlp, otlp.defaults()),
  },
});

/** A file named by `scrape_config_files`. */
export const scrapeConfigFile = struct({ type: 'config.ScrapeConfigs', fields: { scrape_configs: field(scrapeJobs) } });
