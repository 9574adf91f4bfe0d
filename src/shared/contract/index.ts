export * from './errors.ts';
export * from './methods.ts';
export * from './results.ts';
export * from './views.ts';
export * from './client.ts';
