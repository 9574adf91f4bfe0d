export * from './relabel.ts';
