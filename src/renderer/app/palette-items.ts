import type { MetricType } from '#shared/model/index.ts';

/** Something the palette can find and do. */
export interface PaletteItem {
  readonly id: string;
  readonly kind: PaletteKind;
  /** What is matched and shown. */
  readonly title: string;
  /** Shown at the right. */
  readonly note: string;
  readonly chip: string;
  readonly metricType: MetricType | null;
  readonly shortcut: string | null;
  readonly run: () => void;
  /** With the command key: the other thing that can be done. */
  readonly runAlternative: (() => void) | null;
}

export type PaletteKind = 'chart' | 'target' | 'metric' | 'command' | 'setting';

/** In the order in which they are listed. */
export const PALETTE_KINDS: readonly PaletteKind[] = ['chart', 'metric', 'target', 'command', 'setting'];

/** Results of each kind at most. */
const PER_KIND: Readonly<Record<PaletteKind, number>> = { chart: 6, metric: 6, target: 5, command: 6, setting: 4 };

/** A leading sign asks for one kind alone: `>` commands, `@` targets. */
const SIGNS: Readonly<Record<string, readonly PaletteKind[]>> = {
  '>': ['command', 'setting'],
  '@': ['target'],
};

export interface Match {
  readonly item: PaletteItem;
  /** Where in the title the words were found: [from, to) pairs in order. */
  readonly marks: readonly (readonly [from: number, to: number])[];
}

/**
 * Items that hold every word of the text, best first within their kind: the earlier the words stand and the shorter the title,
 * the better. Empty text lists what is most useful: targets and commands.
 */
export function searchPalette(items: readonly PaletteItem[], text: string): readonly Match[] {
  const kinds = SIGNS[text[0] ?? ''];
  const words = (kinds === undefined ? text : text.slice(1)).toLowerCase().split(/\s+/).filter(Boolean);
  const allowed = kinds ?? (words.length === 0 ? ['target', 'command', 'setting'] : PALETTE_KINDS);
  const limit = kinds === undefined ? 1 : 6;
  return PALETTE_KINDS.filter((kind) => allowed.includes(kind)).flatMap((kind) =>
    items
      .filter((item) => item.kind === kind)
      .flatMap((item) => {
        const found = matchTitle(item.title, words);
        return found === null ? [] : [{ item, ...found }];
      })
      .sort((a, b) => a.score - b.score || a.item.title.length - b.item.title.length)
      .slice(0, PER_KIND[kind] * limit)
      .map(({ item, marks }) => ({ item, marks })),
  );
}

function matchTitle(
  title: string,
  words: readonly string[],
): { readonly marks: [number, number][]; readonly score: number } | null {
  const text = title.toLowerCase();
  const marks: [number, number][] = [];
  let score = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return null;
    marks.push([at, at + word.length]);
    // The beginning of a part of the name counts as much as the beginning of the name.
    const starts = at === 0 || /[\s_:./-]/.test(text[at - 1]);
    score += starts ? Math.min(at, 10) : 20 + at;
  }
  return { marks: marks.sort((a, b) => a[0] - b[0]), score };
}
