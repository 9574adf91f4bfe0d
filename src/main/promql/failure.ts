import { HearthError } from '#shared/contract/index.ts';

/** The query cannot be answered; the message is the one Prometheus gives. */
export function fail(message: string): never {
  throw new HearthError({ kind: 'query-execution', message });
}

/** Where queries are when they are stopped, as Prometheus words it. */
const ENVIRONMENT = 'expression evaluation';

export function failTooManySamples(): never {
  fail('query processing would load too many samples into memory in query execution');
}

export function failTimeout(): never {
  throw new HearthError({ kind: 'query-timeout', message: `query timed out in ${ENVIRONMENT}` });
}

export function failCanceled(): never {
  throw new HearthError({ kind: 'canceled' });
}
