import { isScalar, type Node, type Scalar } from 'yaml';
import { compileAnchored, quoteGo, RegexError, type AnchoredRegex, type Millis } from '#shared/model/index.ts';
import type { DecodeContext, Decoder } from './decoder.ts';
import { readDuration } from './duration-text.ts';
import { readSize } from './size-text.ts';
import { isPlain, scalarText } from './yaml-source.ts';

function scalar<T>(type: string, zero: T, read: (node: Scalar, context: DecodeContext) => T): Decoder<T> {
  return {
    type,
    zero: () => zero,
    decode(node: Node, context) {
      if (isScalar(node)) return read(node, context);
      context.mismatch(node, type);
      return zero;
    },
  };
}

/** A text read from a scalar of any look (`8`, `true` and `a` are all texts), then parsed; `parse` throws a `Refusal`. */
function parsedText<T>(zero: T, parse: (text: string) => T): Decoder<T> {
  return scalar('string', zero, (node, context) => {
    try {
      return parse(scalarText(node));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      context.refuse(node, error.message);
      return zero;
    }
  });
}

/** Why a text is not acceptable. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

export function stringOf(type: string): Decoder<string> {
  return scalar(type, '', (node) => scalarText(node));
}

export const string: Decoder<string> = stringOf('string');

/** A text that must not be shown: where it stands is kept, for whoever shows the file. */
export const secret: Decoder<string> = scalar('config.Secret', '', (node, context) => {
  context.secrets.push(node);
  return scalarText(node);
});

const TRUE = /^(y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const FALSE = /^(n|N|no|No|NO|false|False|FALSE|off|Off|OFF)$/;

export const bool: Decoder<boolean> = scalar('bool', false, (node, context) => {
  const text = scalarText(node);
  if (isPlain(node) && TRUE.test(text)) return true;
  if (!isPlain(node) || !FALSE.test(text)) context.mismatch(node, 'bool');
  return false;
});

function readInteger(text: string): bigint | null {
  const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[0-9]+)$/.exec(text.replaceAll('_', ''));
  if (match === null) return null;
  const digits = match[2];
  let value: bigint;
  if (/^0[xXbBoO]/.test(digits)) value = BigInt(digits.toLowerCase());
  else if (/^0[0-7]+$/.test(digits)) value = BigInt(`0o${digits.slice(1)}`);
  else value = BigInt(digits);
  return match[1] === '-' ? -value : value;
}

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;

function readFloat(text: string): number | null {
  const bare = text.replaceAll('_', '');
  if (FLOAT.test(bare)) return Number(bare);
  if (/^[-+]?\.inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^\.nan$/i.test(text)) return NaN;
  return null;
}

const INT_RANGE = [-(2n ** 63n), 2n ** 63n - 1n] as const;
const UINT_RANGE = [0n, 2n ** 64n - 1n] as const;

function integer<T>(type: string, range: readonly [bigint, bigint], zero: T, make: (n: bigint) => T): Decoder<T> {
  return scalar(type, zero, (node, context) => {
    const text = scalarText(node);
    let value: bigint | null = isPlain(node) ? readInteger(text) : null;
    if (value === null && isPlain(node)) {
      // A float is accepted and cut, as Prometheus's YAML library does: 1e3 is 1000.
      const float = readFloat(text);
      if (float !== null && Number.isFinite(float)) value = BigInt(Math.trunc(float));
    }
    if (value === null || value < range[0] || value > range[1]) {
      context.mismatch(node, type);
      return zero;
    }
    return make(value);
  });
}

export const int: Decoder<number> = integer('int', INT_RANGE, 0, Number);
export const uint: Decoder<number> = integer('uint', UINT_RANGE, 0, Number);
export const uint64: Decoder<bigint> = integer('uint64', UINT_RANGE, 0n, (n) => n);

export const float: Decoder<number> = scalar('float64', 0, (node, context) => {
  const text = scalarText(node);
  const integral = isPlain(node) ? readInteger(text) : null;
  const value = integral === null && isPlain(node) ? readFloat(text) : integral;
  if (value !== null) return Number(value);
  context.mismatch(node, 'float64');
  return 0;
});

/** A Prometheus duration in milliseconds. */
export const duration: Decoder<Millis> = parsedText(0, (text) => {
  const read = readDuration(text);
  if (typeof read === 'string') throw new Refusal(read);
  return read;
});

/** A size such as `10MB` (powers of 1024) in bytes. */
export const size: Decoder<number> = parsedText(0, (text) => {
  const read = readSize(text);
  if (typeof read === 'string') throw new Refusal(read);
  return read;
});

/** An anchored RE2 regular expression; null where the key is written but empty. */
export const regex: Decoder<AnchoredRegex | null> = parsedText<AnchoredRegex | null>(null, (text) => {
  try {
    return compileAnchored(text);
  } catch (error) {
    if (error instanceof RegexError) throw new Refusal(error.message);
    throw error;
  }
});

/** A text for which `check` says what is wrong, or null; it is not asked where the value is null. `map` tidies what is accepted. */
export function checkedText(check: (text: string) => string | null, map?: (text: string) => string): Decoder<string> {
  return parsedText('', (text) => {
    const refusal = check(text);
    if (refusal !== null) throw new Refusal(refusal);
    return map?.(text) ?? text;
  });
}

/** One of a few words; a null value is `''`. */
export function oneOf<T extends string>(words: readonly T[], refusal: (text: string) => string): Decoder<T | ''> {
  return checkedText((text) => ((words as readonly string[]).includes(text) ? null : refusal(text))) as Decoder<T | ''>;
}

/** A URL, which may hold a password (`http://user:password@host`). */
export function urlWithPassword(check: (text: string) => string | null): Decoder<string> {
  const decoder = checkedText(check);
  return {
    ...decoder,
    decode(node, context) {
      if (isScalar(node) && /^[^/?#]*\/\/[^/?#@]*:[^/?#]*@/.test(scalarText(node))) context.secrets.push(node);
      return decoder.decode(node, context);
    },
  };
}

export function labelNameProblem(name: string): string | null {
  return name !== '' && name.isWellFormed() ? null : `${quoteGo(name)} is not a valid label name`;
}

export const labelName: Decoder<string> = checkedText(labelNameProblem);
