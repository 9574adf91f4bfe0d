export * from './ast.ts';
export * from './errors.ts';
export * from './functions.ts';
export * from './options.ts';
export * from './parse.ts';
export * from './positions.ts';
export * from './types.ts';
export * from './walk.ts';
