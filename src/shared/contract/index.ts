export * from './bridge.ts';
export * from './client.ts';
export * from './errors.ts';
export * from './methods.ts';
export * from './results.ts';
export * from './views.ts';
