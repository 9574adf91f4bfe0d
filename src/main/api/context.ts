import type { Access, CoreClient } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import type { ParserOptions } from '#shared/promql/index.ts';
import type { Parameters } from './parameters.ts';
import type { ApiRequest } from './request.ts';
import type { ApiResponse } from './response.ts';

export interface ApiOptions {
  /** A client with the right to write: who may call what is decided before the API is. */
  readonly core: CoreClient;
  now(): Millis;
  readonly version: string;
  readonly parserOptions: ParserOptions;
  readonly startedAt: Millis;
  /** All flags with their values, by name without dashes. */
  readonly flags: Readonly<Record<string, string>>;
  readonly enableLifecycle: boolean;
  readonly enableAdmin: boolean;
  readonly enableRemoteWrite: boolean;
  /** Ends the program; for `/-/quit`. */
  quit(): void;
  /** Told of errors that are bugs. */
  onBug(where: string, error: unknown): void;
}

/** Who asks, as far as the server found out. */
export interface Caller {
  readonly access: Access;
  /** Only programs on this computer reach the address. */
  readonly local: boolean;
}

/** One request on its way through the API. */
export interface Call {
  readonly api: ApiOptions;
  readonly request: ApiRequest;
  readonly caller: Caller;
  readonly parameters: Parameters;
  /** The variable part of the path, decoded; '' where there is none. */
  readonly segment: string;
  /** Aborted when the client goes away; the request's own. */
  readonly signal: AbortSignal;
}

/** Its errors are told as the API tells errors. */
export type Endpoint = (call: Call) => ApiResponse | Promise<ApiResponse>;
