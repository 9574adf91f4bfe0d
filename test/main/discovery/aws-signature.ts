import { createHash, createHmac } from 'node:crypto';
import type { CloudRequest } from './cloud-stand-in.ts';

/** Whether a request is signed with this key as Signature Version 4 wants it. */
export function isSigned(request: CloudRequest, secret: string): boolean {
  const parts =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d+)\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=(\w+)$/.exec(
      request.headers.authorization,
    );
  if (parts === null) return false;
  const [, day, region, service, names, signature] = parts;
  const value = (name: string): string => (name === 'host' ? request.host : request.headers[name]);
  const headers = names.split(';').map((name) => `${name}:${value(name)}\n`);
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const canonical = [request.method, request.path, '', headers.join(''), names, hash(request.body)].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, text).toString('hex') === signature;
}
