import { isBlank, LF } from './line.ts';
import { latin1 } from './number.ts';

const LOOK = 4096;
const CR = 0x0d;

const JSON_OBJECT = /^\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})/;
const INFLUX =
  /^(?:[^\\,{} \t\n"]|\\.)+(?:,(?:[^\\,={} \t\n]|\\.)+=(?:[^\\,= \t\n]|\\.)+)* +(?:[^\\,={} \t\n"]|\\.)+=[^\s,]/;

/**
 * What a body is that is called plain text and cannot be a metrics page, whose grammar forbids how it begins: JSON or
 * Influx's line protocol. Null for anything else.
 */
export function recognizeText(body: Uint8Array): 'json' | 'influx' | null {
  const end = Math.min(body.length, LOOK);
  const at = firstContent(body, end);
  if (at === end) return null;
  if (body[at] === 0x5b) return 'json';
  if (body[at] === 0x7b) return JSON_OBJECT.test(latin1(body, at, end)) ? 'json' : null;
  const lineFeed = body.indexOf(LF, at);
  // The line protocol has no value that goes over lines before its first `=`.
  return INFLUX.test(latin1(body, at, lineFeed === -1 || lineFeed > end ? end : lineFeed)) ? 'influx' : null;
}

/** Where the first character is that is no blank, of a line that is no comment; `end` when there is none. */
function firstContent(body: Uint8Array, end: number): number {
  let at = 0;
  while (at < end) {
    const c = body[at];
    if (c === 0x23) while (at < end && body[at] !== LF) at++;
    else if (isBlank(c) || c === CR || c === LF) at++;
    else return at;
  }
  return end;
}
