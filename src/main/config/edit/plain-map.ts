import type { Desired, Plain } from './plain-value.ts';

export type PlainMap = ReadonlyMap<string, Plain>;

/** Puts a new secret away and returns the text to write in its place (`hearth-secret:ID`). */
export type SecretSink = (text: string) => string;

export function text(value: Plain | undefined, fallback = ''): string {
  return typeof value === 'string' ? value : fallback;
}

export function asMap(value: Plain | undefined): PlainMap {
  return value instanceof Map ? (value as PlainMap) : new Map();
}

export function asList(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? (value as readonly Plain[]) : [];
}

export function truth(value: Plain | undefined, fallback: boolean): boolean {
  return typeof value === 'string' ? /^(y|yes|true|on)$/i.test(value) : fallback;
}

export function asDesiredMap(value: Desired | undefined): ReadonlyMap<string, Desired> {
  return value instanceof Map ? (value as ReadonlyMap<string, Desired>) : new Map();
}

/** A number is written without quotes. */
export function plainNumber(typed: string): Desired {
  return /^(?:0|[1-9][0-9]{0,14})$/.test(typed) ? Number(typed) : typed;
}
