import { z } from 'zod';
import type { Millis } from '#shared/model/index.ts';
import type { HttpClient } from '#main/http/index.ts';
import { getJson } from '../json-api.ts';

/** Renewed this long before it expires. */
const EARLY: Millis = 60_000;

/** What a token server answers; some write the seconds as text. */
export const tokenAnswer = z.object({ access_token: z.string(), expires_in: z.coerce.number().default(0) });

export type TokenAnswer = z.output<typeof tokenAnswer>;

/** A token that is asked for when there is none that lasts. */
export class BearerToken {
  readonly #fetch: (signal: AbortSignal) => Promise<TokenAnswer>;
  readonly #now: () => Millis;
  #token = '';
  #expires: Millis = -Infinity;

  constructor(fetch: (signal: AbortSignal) => Promise<TokenAnswer>, now: () => Millis) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** The headers of a request that the token authorizes. @throws what asking for it throws */
  async headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    if (this.#now() >= this.#expires) {
      const given = await this.#fetch(signal);
      this.#token = given.access_token;
      this.#expires = this.#now() + given.expires_in * 1000 - EARLY;
    }
    return { authorization: `Bearer ${this.#token}` };
  }
}

/** Asks a token server with a form. @throws Error that names the server, for anything but a token */
export async function tokenByForm(
  client: HttpClient,
  url: string,
  form: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams(form).toString();
  return (await getJson(client, { url, method: 'POST', headers, body, signal }, tokenAnswer)).value;
}
