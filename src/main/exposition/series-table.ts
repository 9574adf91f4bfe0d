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

/** The label set that a sample line names, sorted, without empty values. @throws LineError */
export function labelsOfLine(buf: Uint8Array, line: Line, mode: SeriesMode): Labels {
  const { pairs } = line;
  const found: [string, string][] = [
    [METRIC_NAME, unescapeLabel(utf8(buf, line.nameStart, line.nameEnd, 'metric name'))],
  ];
  for (let i = 0; i < pairs.length; i += 4) {
    const name = unescapeLabel(utf8(buf, pairs[i], pairs[i + 1], 'label name'));
    const value = unescapeLabel(utf8(buf, pairs[i + 2], pairs[i + 3], 'label value'));
    if (mode.extra.some(([extra]) => extra === name)) continue;
    found.push([name, name === mode.boundLabel ? normalBound(value) : value]);
  }
  for (const pair of mode.extra) found.push([...pair]);
  found.sort((a, b) => compareUtf8(a[0], b[0]));
  const flat: string[] = [];
  for (let i = 0; i < found.length; i++) {
    const [name, value] = found[i];
    if (i > 0 && found[i - 1][0] === name) throw new LineError(`label name "${name}" is not unique`);
    if (value !== '') flat.push(name, value);
  }
  return labelsFromSortedFlat(flat);
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
