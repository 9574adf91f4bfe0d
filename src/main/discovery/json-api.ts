import type { z } from 'zod';
import type { HttpAnswer, HttpClient, HttpRequest } from '#main/http/index.ts';

/** An answer with another status than 200. */
export class StatusError extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Asks for JSON of a known shape. @throws Error that names the URL for anything but status 200 (a StatusError) and that shape */
export async function getJson<T>(
  client: HttpClient,
  request: Omit<HttpRequest, 'timeout'> & { readonly timeout?: number },
  schema: z.ZodType<T>,
): Promise<{ readonly value: T; readonly answer: HttpAnswer }> {
  const answer = await client.request({
    ...request,
    timeout: request.timeout ?? 30_000,
    maxBytes: request.maxBytes ?? 256 * 1024 * 1024,
    headers: { accept: 'application/json', ...request.headers },
  });
  const where = withoutQuery(request.url);
  if (answer.status !== 200)
    throw new StatusError(`${where} answered with status ${answer.status}${excerpt(answer.body)}`, answer.status);
  let value: unknown;
  try {
    value = JSON.parse(answer.body.toString('utf8'));
  } catch (error) {
    throw new Error(`${where} answered with no JSON: ${(error as Error).message}`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { value: parsed.data, answer };
  const [issue] = parsed.error.issues;
  throw new Error(`${where} answered with something else: ${issue.path.map(String).join('.')}: ${issue.message}`);
}

/** Tokens may stand in the query. */
function withoutQuery(url: string): string {
  return url.split('?', 1)[0].replace(/\/\/[^/@]*@/, '//');
}

function excerpt(body: Buffer): string {
  const text = body.toString('utf8', 0, 200).replace(/\s+/g, ' ').trim();
  return text === '' ? '' : `: ${text}`;
}
