import { latin1 } from './number.ts';

const LOOK: number = 4096;

/** The first character that is no blank, of a line that is no comment. */
const START = /^(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t\r]*/;
const JSON_OBJECT = /^\{\s*(?:"(?:[^"\\]|\\.)*"\s*:|\})/;
const INFLUX =
  /^(?:[^\\,{} \t\n"]|\\.)+(?:,(?:[^\\,={} \t\n]|\\.)+=(?:[^\\,= \t\n]|\\.)+)* +(?:[^\\,={} \t\n"]|\\.)+=[^\s,]/;

/**
 * What a body is that is called plain text and cannot be a metrics page, whose grammar forbids how it begins: JSON or
 * Influx's line protocol. Null for anything else.
 */
export function recognizeText(body: Uint8Array): 'json' | 'influx' | null {
  // Nearly all pages begin with a comment, and few are anything else.
  const text = latin1(body, 0, Math.min(body.length, LOOK));
  const at = START.exec(text)?.[0].length ?? 0;
  const rest = text.slice(at);
  if (rest.startsWith('[') || JSON_OBJECT.test(rest)) return 'json';
  return INFLUX.test(rest) ? 'influx' : null;
}
