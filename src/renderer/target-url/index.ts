export * from './target-url.ts';
