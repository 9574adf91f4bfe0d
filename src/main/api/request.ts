import type { Readable } from 'node:stream';

/** A request to the API, whoever took it from the wire. */
export interface ApiRequest {
  readonly method: string;
  /** Of the address, percent-encoded, without the prefix that the host serves the API under. */
  readonly path: string;
  /** Of the address: what stands behind the question mark, percent-encoded. */
  readonly query: string;
  /** @param name in lower case. @returns null where the header is missing */
  header(name: string): string | null;
  /** The whole body: at once, where it has come already. @throws ApiError when it is larger than `maxBytes` or breaks off */
  readBody(maxBytes: number): Buffer | Promise<Buffer>;
  /** The body as it comes, for one reader. */
  openBody(): Readable;
  /** Aborted when the client goes away before it has its answer. */
  readonly signal: AbortSignal;
}
