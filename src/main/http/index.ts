export { createHttpClient, type HttpAnswer, type HttpClient, type HttpRequest } from './client.ts';
export { HttpError, type HttpErrorKind } from './errors.ts';
export { isLocal } from './proxy.ts';
export * from './settings.ts';
