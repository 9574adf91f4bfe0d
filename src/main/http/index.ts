export { createBodyPool, type BodyPool } from './body-pool.ts';
export { createHttpClient, type HttpAnswer, type HttpClient, type HttpRequest } from './client.ts';
export { HttpError } from './errors.ts';
export * from './settings.ts';
