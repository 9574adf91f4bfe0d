import { bool, secret, string } from '../decode/scalars.ts';
import { field, struct } from '../decode/struct.ts';

export const sigv4 = struct({
  type: 'sigv4.plain',
  fields: {
    region: field(string),
    access_key: field(string),
    secret_key: field(secret),
    profile: field(string),
    role_arn: field(string),
    external_id: field(string),
    use_fips_sts_endpoint: field(bool),
    service_name: field(string),
  },
  check(sigv4, refuse) {
    if ((sigv4.accessKey === '') !== (sigv4.secretKey === ''))
      refuse('must provide a AWS SigV4 Access key and Secret Key if credentials are specified in the SigV4 config');
    if (sigv4.externalId !== '' && sigv4.roleArn === '') refuse('external_id can only be used with role_arn');
  },
});
