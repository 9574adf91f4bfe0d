import { compareUtf8, METRIC_NAME, type Labels, labelsFromSortedFlat } from '#shared/model/index.ts';
import { LineError } from './error.ts';
import { formatBound } from './go-float.ts';
import { unescapeLabel, utf8, type Line } from './line.ts';
import { parseFloatText } from './number.ts';

/** What decides how a series text is read besides the text: the type (and unit) in force where it stands. */
export interface SeriesMode {
  /** Label whose value is a number and is brought to one form, or ''. */
  readonly boundLabel: '' | 'le' | 'quantile';
  /** Labels to set from metadata (the type-and-unit-labels option). */
  readonly extra: readonly (readonly [name: string, value: string])[];
}

/**
 * The label set that a sample line names, sorted, without empty values.
 * @param text the line's bytes from `start` on with one character a byte, up to the end of the series text at least
 * @throws LineError
 */
export function labelsOfLine(buf: Uint8Array, line: Line, mode: SeriesMode, text: string, start: number): Labels {
  const { pairs } = line;
  // Nearly all series are plain ASCII: their names and values are cut from the one text.
  const ascii = !NOT_ASCII.test(text);
  const cut = (from: number, to: number, what: string): string =>
    unescapeLabel(ascii ? text.slice(from - start, to - start) : utf8(buf, from, to, what));
  const flat: string[] = [METRIC_NAME, cut(line.nameStart, line.nameEnd, 'metric name')];
  for (let i = 0; i < pairs.length; i += 4) {
    const name = cut(pairs[i], pairs[i + 1], 'label name');
    const value = cut(pairs[i + 2], pairs[i + 3], 'label value');
    if (mode.extra.length > 0 && mode.extra.some(([extra]) => extra === name)) continue;
    insert(flat, name, name === mode.boundLabel ? normalBound(value) : value);
  }
  for (const [name, value] of mode.extra) insert(flat, name, value);
  for (let i = flat.length - 2; i >= 0; i -= 2) if (flat[i + 1] === '') flat.splice(i, 2);
  return labelsFromSortedFlat(flat);
}

const NOT_ASCII = /[^\0-\x7f]/;

/** Puts a label in its place; most come in order already. */
function insert(flat: string[], name: string, value: string): void {
  let at = flat.length;
  while (at > 0) {
    const order = compareUtf8(name, flat[at - 2]);
    if (order === 0) throw new LineError(`label name "${name}" is not unique`);
    if (order > 0) break;
    at -= 2;
  }
  if (at === flat.length) flat.push(name, value);
  else flat.splice(at, 0, name, value);
}

/** `1` becomes `1.0`; what is no number stays as it is. */
function normalBound(value: string): string {
  try {
    return formatBound(parseFloatText(value));
  } catch (error) {
    if (error instanceof LineError) return value;
    throw error;
  }
}
