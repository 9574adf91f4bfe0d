import type { Completion } from '@codemirror/autocomplete';
import type { MetricType } from '#shared/model/index.ts';

/** Outline of a type's glyph on a 14 px square, the same shapes as the metric browser's. */
const GLYPHS: Readonly<Partial<Record<MetricType | 'function' | 'label', string>>> = {
  counter: 'M1.5 11 5.5 7l2.5 2.5 4.5-5M9 4.5h3.5V8',
  gauge: 'M7 12.5a5.5 5.5 0 1 1 5.5-5.5M7 7l2.5-2.5M12.5 7A5.5 5.5 0 0 1 11 10.8',
  histogram: 'M1.5 12.5h11M3 12V8M6 12V4M9 12V6.5M12 12V10',
  summary: 'M1.5 12.5h11M2 9.5h4M2 6h7M2 2.5h10',
  function: 'M4 12c2.5 0 2-10 5-10M4.5 6.5h5',
  label: 'M2 2.5h5L12.5 8 8 12.5 2 7zM4.8 5.2h.01',
};

/** Draws the glyph of a completion before its name. */
export function completionGlyph(completion: Completion): Node {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 14 14');
  svg.setAttribute('class', 'hearth-completion-glyph');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('fill', 'none');
  svg.setAttribute('stroke', 'currentColor');
  svg.setAttribute('stroke-width', '1.3');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', glyphPath(completion.type ?? ''));
  svg.appendChild(path);
  return svg;
}

function glyphPath(type: string): string {
  const metric = type.startsWith('metric-') ? (type.slice('metric-'.length) as MetricType) : null;
  if (metric !== null) return GLYPHS[metric] ?? (GLYPHS.gauge as string);
  if (type === 'function' || type === 'keyword') return GLYPHS.function as string;
  return GLYPHS.label as string;
}
