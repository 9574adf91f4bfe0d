import { successBody, type JsonWriter, type Notes } from '#main/json/index.ts';
import type { ApiError } from './errors.ts';

/** A body that is made while it is sent. */
export interface ResponseStream {
  /** An error in it breaks the connection off: its beginning is sent already. */
  readonly text: AsyncIterable<string>;
  /** Names of the trailers, and their values once the text has ended. */
  readonly trailerNames: readonly string[];
  trailers(): readonly string[];
}

/** An answer of the API. Whoever sends it compresses it where the client wishes, and leaves its body out for HEAD. */
export interface ApiResponse {
  readonly status: number;
  /** Besides those that tell of the body's length and encoding. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes in pieces, none of them changed afterwards; or null where there is to be no body. */
  readonly body: readonly Uint8Array[] | ResponseStream | null;
}

export const NO_CONTENT: ApiResponse = { status: 204, headers: {}, body: null };

export function bytesResponse(status: number, contentType: string, body: readonly Uint8Array[]): ApiResponse {
  return { status, headers: { 'Content-Type': contentType, Vary: 'Accept-Encoding' }, body };
}

export function textResponse(status: number, text: string, contentType = 'text/plain; charset=utf-8'): ApiResponse {
  return bytesResponse(status, contentType, [Buffer.from(text)]);
}

/** `{"status":"success","data":...}`, the data written by `write`. */
export function dataResponse(write: (out: JsonWriter) => void, notes: Notes = {}): ApiResponse {
  return bytesResponse(200, 'application/json', successBody(write, notes));
}

export function errorResponse(error: ApiError): ApiResponse {
  const body = JSON.stringify({ status: 'error', errorType: error.type, error: error.message });
  return bytesResponse(error.status, 'application/json', [Buffer.from(body)]);
}
