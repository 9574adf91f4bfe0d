import { mapOf } from '../decode/decoder.ts';
import { bool, checkedText, duration, float, string } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';
import { checkHeaders } from './headers.ts';
import { tlsConfig } from './http-client.ts';

const clientType = checkedText((text) =>
  text === 'http' || text === 'grpc' ? null : `expected tracing client type to be to be http or grpc, but got ${text}`,
);

export const tracing = struct({
  type: 'config.plain',
  fields: {
    client_type: field(clientType, 'grpc'),
    endpoint: field(string),
    sampling_fraction: field(float),
    insecure: field(bool),
    tls_config: field(tlsConfig),
    headers: field(mapOf(string)),
    compression: field(string),
    timeout: field(duration),
  },
  check(tracing, refuse) {
    checkHeaders(tracing.headers, 'custom authorization header configuration is not yet supported', refuse);
    if (tracing.endpoint === '') refuse('tracing endpoint must be set', 'endpoint');
    if (tracing.compression !== '' && tracing.compression !== 'gzip')
      refuse(`invalid compression type ${tracing.compression} provided, valid options: gzip`, 'compression');
  },
});
