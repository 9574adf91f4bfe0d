import { list } from '../decode/decoder.ts';
import { duration, int, secret, string } from '../decode/scalars.ts';
import { field, type Refuse } from '../decode/struct.ts';
import { struct } from '../decode/struct.ts';
import { http } from './http-client.ts';

/** What most discoveries that ask an HTTP API have: how to ask, how often, and the port of the targets found. */
export const inlineHttp = { http };

export const refresh = (millis: number) => field(duration, millis);
export const port = (value = 80) => field(int, value);

/** Credentials of Amazon's APIs. */
export const awsFields = {
  region: field(string),
  endpoint: field(string),
  access_key: field(string),
  secret_key: field(secret),
  profile: field(string),
  role_arn: field(string),
  external_id: field(string),
};

export const nameValuesFilter = struct({
  type: 'Filter',
  fields: { name: field(string), values: field(list(string)) },
});

/** Reports each message whose condition holds. */
export function refuseWhere(
  refuse: Refuse,
  ...cases: readonly (readonly [bad: boolean, message: string, key?: string])[]
) {
  for (const [bad, message, key] of cases) {
    if (!bad) continue;
    refuse(message, key);
    return;
  }
}
