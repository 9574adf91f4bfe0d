import {
  pickedCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { newCompleteStrategy, type PrometheusClient } from '@prometheus-io/codemirror-promql';
import { EqlRegex, EqlSingle, Neq, NeqRegex } from '@prometheus-io/lezer-promql';
import type { EditorView } from '@codemirror/view';
import { isLegacyMetricName, type MetricType } from '#shared/model/index.ts';
import type { KnownMatcher, MetricInfo, Vocabulary } from './vocabulary.ts';

/** Words of the documentation pane; the page has them in its catalogue. */
export interface CompletionWords {
  readonly metrics: string;
  readonly functions: string;
  readonly labels: string;
  readonly values: string;
  readonly type: string;
  readonly unit: string;
  readonly series: string;
  readonly labelsRow: string;
  readonly noHelp: string;
  /** Why a gauge inside `rate()` is marked. */
  readonly gaugeInRate: string;
}

export type CompletionSource = (context: CompletionContext) => Promise<CompletionResult | null>;

const MATCH_TYPES: Readonly<Record<number, KnownMatcher['type']>> = {
  [EqlSingle]: '=',
  [Neq]: '!=',
  [EqlRegex]: '=~',
  [NeqRegex]: '!~',
};

/** Functions that only make sense on counters: `rate(gauge)` is nearly always a mistake. */
const COUNTER_ONLY = /(?:^|[^\w:])(?:rate|irate|increase|resets)\s*\(\s*$/;

/** Completion of PromQL: the grammar's places from codemirror-promql, the words from this store. */
export function promqlCompletion(vocabulary: Vocabulary, words: CompletionWords): CompletionSource {
  const strategy = newCompleteStrategy({ remote: vocabularyClient(vocabulary) });
  // The package's types resolve to the CommonJS flavour of CodeMirror's: the same things under other declarations.
  const complete = strategy.promQL.bind(strategy) as unknown as CompletionSource;
  return async (context) => {
    const result = await complete(context);
    if (result === null) return null;
    const metrics = await vocabulary.metrics().catch(() => []);
    const byName = new Map(metrics.map((metric) => [metric.name, metric]));
    const before = context.state.sliceDoc(Math.max(0, result.from - 40), result.from);
    const wantsCounter = COUNTER_ONLY.test(before);
    return {
      ...result,
      options: result.options.map((option) => decorate(option, byName, vocabulary, words, wantsCounter)),
    };
  };
}

/** What codemirror-promql asks of a Prometheus, answered by the vocabulary. */
export function vocabularyClient(vocabulary: Vocabulary): PrometheusClient {
  const metricOf = (name: string | undefined): string | null => (name === undefined || name === '' ? null : name);
  return {
    labelNames: async (metric) => [...(await vocabulary.labelNames(metricOf(metric)))],
    labelValues: async (label, metric, matchers) => {
      const known = (matchers ?? []).map(({ type, name, value }) => ({ type: MATCH_TYPES[type] ?? '=', name, value }));
      return [...(await vocabulary.labelValues(label, metricOf(metric), known))];
    },
    // Types and texts are added by `decorate`, which knows more about them.
    metricMetadata: () => Promise.resolve({}),
    series: async (metric, matchers) => {
      const known = (matchers ?? []).map(({ type, name, value }) => ({ type: MATCH_TYPES[type] ?? '=', name, value }));
      const names = await vocabulary.labelNames(metricOf(metric));
      const values = await Promise.all(names.map((name) => vocabulary.labelValues(name, metricOf(metric), known)));
      return names.map((name, i) => new Map(values[i].map((value) => [name, value])));
    },
    metricNames: async () => (await vocabulary.metrics()).map((metric) => metric.name),
    flags: () => Promise.resolve({}),
  };
}

const TYPE_RANK: Readonly<Record<string, number>> = { function: 1, constant: 2, text: 3, keyword: 4 };

function decorate(
  option: Completion,
  metrics: ReadonlyMap<string, MetricInfo>,
  vocabulary: Vocabulary,
  words: CompletionWords,
  wantsCounter: boolean,
): Completion {
  const metric = option.type === 'constant' ? metrics.get(option.label) : undefined;
  if (metric !== undefined) {
    const suits =
      !wantsCounter || metric.type === 'counter' || metric.type === 'unknown' || metric.name !== metric.family;
    return {
      ...option,
      type: `metric-${metric.type}`,
      detail: metric.series === null ? undefined : String(metric.series),
      section: { name: words.metrics, rank: 0 },
      // Counters come first where a counter is wanted.
      boost: wantsCounter ? (suits ? 20 : -20) : 0,
      info: () => metricPane(metric, vocabulary, words, suits ? '' : words.gaugeInRate),
      ...(isLegacyMetricName(metric.name) ? {} : { apply: applyQuoted }),
    };
  }
  const section =
    option.type === 'function' || option.type === 'keyword'
      ? words.functions
      : option.type === 'text'
        ? words.values
        : words.labels;
  return { ...option, section: { name: section, rank: TYPE_RANK[option.type ?? ''] ?? 5 } };
}

/** A metric whose name needs quotes can only stand inside braces. */
function applyQuoted(view: EditorView, completion: Completion, from: number, to: number): void {
  const quoted = JSON.stringify(completion.label);
  const insideBraces = /[{,]\s*"?$/.test(view.state.sliceDoc(Math.max(0, from - 200), from));
  const insert = insideBraces ? quoted : `{${quoted}}`;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    annotations: pickedCompletion.of(completion),
  });
}

async function metricPane(
  metric: MetricInfo,
  vocabulary: Vocabulary,
  words: CompletionWords,
  warning: string,
): Promise<Node> {
  const labels = await vocabulary.labelNames(metric.name).catch(() => []);
  const pane = document.createElement('div');
  const add = (className: string, text: string, parent: Node = pane, tag = 'div'): HTMLElement => {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    parent.appendChild(element);
    return element;
  };
  add('hearth-info-name', metric.name);
  add('hearth-info-help', metric.help === '' ? words.noHelp : metric.help);
  const list = add('hearth-info-list', '', pane, 'dl');
  const row = (name: string, value: string): void => {
    if (value === '') return;
    const line = add('hearth-info-row', '', list);
    add('', name, line, 'dt');
    add('', value, line, 'dd');
  };
  row(words.type, metric.type);
  row(words.unit, metric.unit);
  row(words.series, metric.series === null ? '' : String(metric.series));
  row(words.labelsRow, labels.join(' '));
  if (warning !== '') add('hearth-info-warning', warning);
  return pane;
}

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
