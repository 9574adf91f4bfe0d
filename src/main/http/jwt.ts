import { createSign } from 'node:crypto';
import { HttpError } from './errors.ts';

const DIGESTS: Readonly<Record<string, string>> = { RS256: 'RSA-SHA256', RS384: 'RSA-SHA384', RS512: 'RSA-SHA512' };

/** A signed JSON Web Token (RFC 7519). @throws HttpError credentials when the key or the algorithm cannot sign */
export function signedJwt(
  algorithm: string,
  keyId: string,
  key: string,
  claims: Readonly<Record<string, string | number>>,
): string {
  if (!Object.hasOwn(DIGESTS, algorithm))
    throw new HttpError('credentials', `oauth2: signature algorithm ${algorithm} is not supported`);
  const header = { alg: algorithm, typ: 'JWT', ...(keyId === '' ? {} : { kid: keyId }) };
  const text = `${encode(header)}.${encode(claims)}`;
  try {
    return `${text}.${createSign(DIGESTS[algorithm]).update(text).sign(key, 'base64url')}`;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HttpError('credentials', `oauth2: the client certificate key cannot sign: ${reason}`);
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
