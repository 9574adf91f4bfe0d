import type { Millis } from '#shared/model/index.ts';
import { parseDuration } from '#shared/model/index.ts';

/** Start timestamp relative to its sample's time in ms, or null for none. */
export type StartOffset = Millis | null;

const ITEM = /^(?:_(?:x(\d+))?|([+-]?)(\d+)(ms|[smhdwy])?(?:([+-])(\d+)(ms|[smhdwy])?)?(?:x(\d+))?)$/;

function millis(digits: string, unit: string | undefined): Millis {
  const value = parseDuration(digits + (unit ?? ''));
  if (value === null) throw new Error(`not a valid duration: "${digits}${unit ?? ''}"`);
  return value;
}

/** Reads the places of an `@st` line: `_ -30s -1mx2 -30s-1mx3`. */
export function parseStartTimes(text: string): readonly StartOffset[] {
  const offsets: StartOffset[] = [];
  for (const item of text.split(/\s+/).filter((part) => part !== '')) {
    const match = ITEM.exec(item);
    if (match === null) throw new Error(`invalid start timestamp "${item}"`);
    const [, omitted, sign, digits, unit, deltaSign, deltaDigits, deltaUnit, times] = match;
    if (digits === undefined) {
      for (let i = 0; i < Number(omitted ?? 1); i++) offsets.push(null);
      continue;
    }
    if (deltaDigits !== undefined && times === undefined) throw new Error(`invalid start timestamp "${item}"`);
    let current = (sign === '-' ? -1 : 1) * millis(digits, unit);
    const delta = deltaDigits === undefined ? 0 : (deltaSign === '-' ? -1 : 1) * millis(deltaDigits, deltaUnit);
    for (let i = 0; i <= Number(times ?? 0); i++) {
      offsets.push(current);
      current += delta;
    }
  }
  return offsets;
}
