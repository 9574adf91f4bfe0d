import type { Millis } from '#shared/model/index.ts';
import type { HttpAnswer, HttpRequest } from '#main/http/index.ts';
import { parseXml, textAt, type Element } from './xml.ts';

export interface Keys {
  readonly id: string;
  readonly secret: string;
  /** Of temporary keys; else ''. */
  readonly token: string;
}

/** A refusal of one of Amazon's APIs, with the code it gives. */
export class AwsError extends Error {
  readonly code: string;
  constructor(what: string, status: number, code: string, message: string) {
    super(
      `${what} answered with status ${status}${code === '' ? '' : ` ${code}`}${message === '' ? '' : `: ${message}`}`,
    );
    this.code = code;
  }
}

/** The domain of the partition that a region belongs to. */
export function domainOf(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** A POST request signed by Signature Version 4, a form unless the headers say otherwise. */
export async function signedRequest(
  { region, keys }: { readonly region: string; readonly keys: Keys },
  service: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  now: Millis,
): Promise<Pick<HttpRequest, 'url' | 'method' | 'headers' | 'body'>> {
  // Loaded only by who asks Amazon.
  const { AwsV4Signer } = await import('aws4fetch');
  const signer = new AwsV4Signer({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...headers },
    body,
    accessKeyId: keys.id,
    secretAccessKey: keys.secret,
    sessionToken: keys.token === '' ? undefined : keys.token,
    service,
    region,
    datetime: new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, ''),
  });
  const signed = await signer.sign();
  return { url: signed.url.href, method: 'POST', headers: Object.fromEntries(signed.headers), body };
}

/** The body of an answer that is one. @throws AwsError with the code and message of a refusal */
export function succeeded(what: string, { status, body }: Pick<HttpAnswer, 'status' | 'body'>): string {
  const text = body.toString('utf8');
  if (status === 200) return text;
  const { code, message } = refusal(text);
  throw new AwsError(what, status, code, message);
}

function refusal(text: string): { readonly code: string; readonly message: string } {
  try {
    if (text.startsWith('{')) {
      const given = JSON.parse(text) as { readonly __type?: unknown; readonly message?: unknown };
      const type = typeof given.__type === 'string' ? given.__type : '';
      return {
        code: type.slice(type.indexOf('#') + 1),
        message: typeof given.message === 'string' ? given.message : '',
      };
    }
    const error = find(parseXml(text), 'Error');
    return {
      code: error === null ? '' : textAt(error, 'Code'),
      message: error === null ? '' : textAt(error, 'Message'),
    };
  } catch {
    return { code: '', message: text.replace(/\s+/g, ' ').slice(0, 200).trim() };
  }
}

function find(element: Element, name: string): Element | null {
  if (element.name === name) return element;
  for (const child of element.children) {
    const found = find(child, name);
    if (found !== null) return found;
  }
  return null;
}
