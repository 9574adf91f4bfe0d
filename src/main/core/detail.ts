import { HearthError, type ErrorDetail } from '#shared/contract/index.ts';

/** The detail of whatever was thrown, for reports across threads. */
export function detailOf(error: unknown): ErrorDetail {
  if (error instanceof HearthError) return error.detail;
  return { kind: 'internal', message: error instanceof Error ? error.message : String(error) };
}
