import { parseDuration, type Millis } from '#shared/model/index.ts';
import { ApiError, badParameter } from './errors.ts';

/** Bounds that stand for "no bound": what `start` and `end` are when they are not given. */
export const MIN_TIME: Millis = -8_640_000_000_000_000;
export const MAX_TIME: Millis = 8_640_000_000_000_000;

/** Prometheus's own texts for its least and greatest time, which its clients send back. */
const NAMED_TIMES: ReadonlyMap<string, Millis> = new Map([
  ['-292273086-05-16T16:47:06Z', MIN_TIME],
  ['292277025-08-18T07:12:54.999999999Z', MAX_TIME],
]);

const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;

function parseFloatText(text: string): number | null {
  return FLOAT.test(text) ? Number(text) : null;
}

/** RFC 3339 or seconds since the epoch. @returns milliseconds, or null when the text is neither */
export function parseTimestamp(text: string): Millis | null {
  const seconds = parseFloatText(text);
  if (seconds !== null) {
    const millis = Math.round(seconds * 1000);
    return Math.min(MAX_TIME, Math.max(MIN_TIME, millis));
  }
  const named = NAMED_TIMES.get(text);
  if (named !== undefined) return named;
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const [, stem, fraction = '', zone] = match;
  const whole = Date.parse(`${stem}${zone}`);
  // Date.parse rolls 31 April over to May; Go refuses it.
  if (Number.isNaN(whole) || new Date(`${stem}Z`).toISOString().slice(0, 19) !== stem) return null;
  return whole + Math.floor(Number(`0.${fraction === '' ? '0' : fraction}`) * 1000);
}

/** Greatest duration in seconds that fits int64 nanoseconds. */
const MAX_SECONDS = 9_223_372_036.854;

export type DurationText = { readonly millis: Millis } | { readonly problem: string };

/** Seconds as a number, or a Prometheus duration. Parts of milliseconds are cut off. */
export function parseDurationText(text: string): DurationText {
  const seconds = parseFloatText(text);
  if (seconds !== null) {
    if (Math.abs(seconds) > MAX_SECONDS)
      return { problem: `cannot parse ${JSON.stringify(text)} to a valid duration. It overflows int64` };
    return { millis: Math.trunc(Number((seconds * 1000).toFixed(6))) };
  }
  const millis = parseDuration(text);
  return millis === null ? { problem: `cannot parse ${JSON.stringify(text)} to a valid duration` } : { millis };
}

/**
 * Names and values of a form (`application/x-www-form-urlencoded`), or of what stands behind the question mark of an
 * address: a further question mark is part of the first name.
 */
export function readPairs(text: string): URLSearchParams {
  return new URLSearchParams(`?${text}`);
}

/** The parameters of one request: of the address and, where it is a form, of the body. The body's come first. */
export class Parameters {
  private readonly values: URLSearchParams;
  constructor(values: URLSearchParams) {
    this.values = values;
  }

  /** The first value; '' when there is none. */
  text(name: string): string {
    return this.values.get(name) ?? '';
  }

  all(name: string): readonly string[] {
    return this.values.getAll(name);
  }

  /** @throws ApiError when it is neither absent nor a time */
  time(name: string, absent: Millis): Millis {
    const text = this.text(name);
    if (text === '') return absent;
    const millis = parseTimestamp(text);
    if (millis !== null) return millis;
    const problem = `cannot parse ${JSON.stringify(text)} to a valid timestamp`;
    throw badParameter(name, `Invalid time value for '${name}': ${problem}`);
  }

  requiredTime(name: string): Millis {
    const text = this.text(name);
    const millis = parseTimestamp(text);
    if (millis === null) throw badParameter(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
    return millis;
  }

  requiredDuration(name: string): Millis {
    const parsed = parseDurationText(this.text(name));
    if ('problem' in parsed) throw badParameter(name, parsed.problem);
    return parsed.millis;
  }

  /** Undefined when absent. */
  duration(name: string): Millis | undefined {
    return this.text(name) === '' ? undefined : this.requiredDuration(name);
  }

  /** For the endpoints of metadata, which say it in other words. Infinity when absent. */
  metadataLimit(name: string): number {
    const text = this.text(name);
    if (text === '') return Infinity;
    if (!/^[+-]?\d+$/.test(text)) throw new ApiError('bad_data', `${name} must be a number`);
    return Number(text) > 0 ? Number(text) : Infinity;
  }

  /** 0 when absent: no limit. */
  limit(name = 'limit'): number {
    const text = this.text(name);
    if (text === '') return 0;
    if (!/^[+-]?\d+$/.test(text))
      throw badParameter(name, `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
    const limit = Number(text);
    if (limit < 0) throw badParameter(name, 'limit must be non-negative');
    return limit;
  }
}
