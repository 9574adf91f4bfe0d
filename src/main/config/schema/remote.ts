import { list, mapOf, optional } from '../decode/decoder.ts';
import {
  bool,
  checkedText,
  duration,
  int,
  labelNameProblem,
  string,
  uint,
  urlWithPassword,
} from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';
import { azuread } from './azuread.ts';
import { checkHeaders } from './headers.ts';
import { http, httpClient } from './http-client.ts';
import { relabelRule } from './relabel.ts';
import { sigv4 } from './sigv4.ts';
import { urlProblem } from './url.ts';

const queue = struct({
  type: 'config.QueueConfig',
  fields: {
    capacity: field(int, 10_000),
    max_shards: field(int, 50),
    min_shards: field(int, 1),
    max_samples_per_send: field(int, 2000),
    batch_send_deadline: field(duration, 5000),
    min_backoff: field(duration, 30),
    max_backoff: field(duration, 5000),
    retry_on_http_429: field(bool),
    sample_age_limit: field(duration),
  },
  check(queue, refuse) {
    if (queue.maxShards <= 0) refuse('remote write queue max_shards must be positive', 'max_shards');
    else if (queue.minShards <= 0) refuse('remote write queue min_shards must be positive', 'min_shards');
    else if (queue.minShards > queue.maxShards)
      refuse('remote write queue min_shards must not be greater than max_shards', 'min_shards');
    if (queue.maxSamplesPerSend <= 0)
      refuse('remote write queue max_samples_per_send must be positive', 'max_samples_per_send');
    if (queue.capacity <= 0) refuse('remote write queue capacity must be positive', 'capacity');
    if (queue.maxBackoff < queue.minBackoff)
      refuse('remote write queue max_backoff must not be less than min_backoff', 'max_backoff');
  },
});

const metadata = struct({
  type: 'config.MetadataConfig',
  fields: {
    send: field(bool, true),
    send_interval: field(duration, 60_000),
    max_samples_per_send: field(int, 2000),
  },
});

const WRITE_V1 = 'prometheus.WriteRequest';
const WRITE_V2 = 'io.prometheus.write.v2.Request';
const message = checkedText((text) =>
  text === WRITE_V1 || text === WRITE_V2
    ? null
    : `invalid protobuf_message value: unknown type for remote write protobuf message ${text}, supported: ${WRITE_V1}, ${WRITE_V2}`,
);

const AUTHORIZATION_HEADER =
  'authorization header must be changed via the basic_auth, authorization, oauth2, sigv4, azuread or google_iam parameter';

export const remoteWrite = struct({
  type: 'config.plain',
  inline: { http: httpClient({ enableHttp2: false }) },
  fields: {
    url: field(urlWithPassword(urlProblem)),
    remote_timeout: field(duration, 30_000),
    headers: field(mapOf(string)),
    write_relabel_configs: field(list(relabelRule, 'empty or null relabeling rule in remote write config')),
    name: field(string),
    send_exemplars: field(bool),
    send_native_histograms: field(bool),
    round_robin_dns: field(bool),
    protobuf_message: field(message, WRITE_V1),
    failed_request_logging: field(bool),
    queue_config: field(queue, queue.defaults()),
    metadata_config: field(metadata, metadata.defaults()),
    sigv4: field(optional(sigv4)),
    azuread: field(optional(azuread)),
    google_iam: field(optional(struct({ type: 'googleiam.Config', fields: { credentials_file: field(string) } }))),
  },
  check(write, refuse, has) {
    if (!has('url')) refuse('url for remote_write is empty', 'url');
    checkHeaders(write.headers, AUTHORIZATION_HEADER, refuse);
    if (write.protobufMessage === '')
      refuse(
        `invalid protobuf_message value: unknown type for remote write protobuf message , supported: ${WRITE_V1}, ${WRITE_V2}`,
        'protobuf_message',
      );
    const methods = {
      basic_auth: write.http.basicAuth,
      authorization: write.http.authorization,
      oauth2: write.http.oauth2,
      sigv4: write.sigv4,
      azuread: write.azuread,
      google_iam: write.googleIam,
    };
    const given = Object.entries(methods).flatMap(([name, value]) => (value === null ? [] : [name]));
    if (given.length > 1)
      refuse(
        `at most one of basic_auth, authorization, oauth2, sigv4, azuread or google_iam must be configured. Currently configured: [${given.join(' ')}]`,
      );
  },
});

export const remoteRead = struct({
  type: 'config.plain',
  inline: { http },
  fields: {
    url: field(urlWithPassword(urlProblem)),
    remote_timeout: field(duration, 60_000),
    chunked_read_limit: field(uint, 50_000_000),
    headers: field(mapOf(string)),
    read_recent: field(bool),
    name: field(string),
    required_matchers: field(mapOf(string, labelNameProblem)),
    filter_external_labels: field(bool, true),
  },
  check(read, refuse, has) {
    if (!has('url')) refuse('url for remote_read is empty', 'url');
    checkHeaders(read.headers, AUTHORIZATION_HEADER, refuse);
  },
});

export const remoteWrites = list(remoteWrite, 'empty or null remote write config section');
export const remoteReads = list(remoteRead, 'empty or null remote read config section');
