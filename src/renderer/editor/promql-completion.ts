import {
  pickedCompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { newCompleteStrategy, type PrometheusClient } from '@prometheus-io/codemirror-promql';
import { EqlRegex, EqlSingle, Neq, NeqRegex } from '@prometheus-io/lezer-promql';
import type { EditorView } from '@codemirror/view';
import { isLegacyMetricName } from '#shared/model/index.ts';
import { AGGREGATE_OPS, FUNCTIONS, functionNamed } from '#shared/promql/index.ts';
import { functionPane, metricPane } from './completion-pane.ts';
import { callAt, helpFor } from './function-help.ts';
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
  /** What an aggregation does. */
  readonly aggregation: (name: string) => string;
  /** That a function has to be switched on. */
  readonly experimental: string;
  /** The same in a word. */
  readonly experimentalMark: string;
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
    const place: Place = {
      metrics: byName,
      vocabulary,
      words,
      wantsCounter: COUNTER_ONLY.test(before),
      takesRate: takesRate(context.state.doc.toString(), result.from),
      functionsFirst: startsFunction(context.state.sliceDoc(result.from, context.pos), byName),
    };
    const options = withAllFunctions(result.options).flatMap((option) => decorate(option, place));
    // Asked anew with each letter: what comes first depends on what is typed.
    return { ...result, options, validFor: undefined };
  };
}

/** The functions of this engine in place of those that the package knows, where it offers functions at all. */
function withAllFunctions(options: readonly Completion[]): readonly Completion[] {
  const isCall = ({ type, label, detail }: Completion): boolean =>
    detail === 'snippet' || ((type === 'function' || type === 'keyword') && helpFor(label) !== null);
  if (!options.some(isCall)) return options;
  const names = [...Object.keys(FUNCTIONS), ...AGGREGATE_OPS];
  return [...options.filter((option) => !isCall(option)), ...names.map((label) => ({ label, type: 'function' }))];
}

function startsFunction(typed: string, metrics: ReadonlyMap<string, MetricInfo>): boolean {
  if (typed === '') return false;
  for (const name of metrics.keys()) if (name.startsWith(typed)) return false;
  return [...Object.keys(FUNCTIONS), ...AGGREGATE_OPS].some((name) => name.startsWith(typed));
}

/** Whether an instant vector can stand at a place: anywhere but where a function takes a range. */
function takesRate(text: string, at: number): boolean {
  const call = callAt(text, at);
  const args = call === null ? undefined : functionNamed(call.name)?.args;
  if (call === null || args === undefined) return true;
  return args[Math.min(call.argument, args.length - 1)] !== 'matrix';
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

/** What the words of a place are chosen by. */
interface Place {
  readonly metrics: ReadonlyMap<string, MetricInfo>;
  readonly vocabulary: Vocabulary;
  readonly words: CompletionWords;
  /** Only counters make sense here. */
  readonly wantsCounter: boolean;
  /** A rate can stand here in place of its counter. */
  readonly takesRate: boolean;
  /** What is typed begins functions, and no metric. */
  readonly functionsFirst: boolean;
}

/** An option with all that is known of it; a counter comes as its rate first where a rate can stand. */
function decorate(option: Completion, place: Place): readonly Completion[] {
  const metric = option.type === 'constant' ? place.metrics.get(option.label) : undefined;
  if (metric !== undefined) {
    const plain = metricOption(option, metric, place);
    return place.takesRate && metric.type === 'counter' ? [rateOption(plain, metric, place), plain] : [plain];
  }
  const { words } = place;
  const help = helpFor(option.label);
  if (help !== null && (option.type === 'function' || option.type === 'keyword')) {
    return [
      {
        label: help.name,
        type: 'function',
        detail: help.experimental ? words.experimentalMark : undefined,
        section: { name: words.functions, rank: place.functionsFirst ? -1 : TYPE_RANK['function'] },
        info: () => functionPane(help, words),
        apply: applyCall,
      },
    ];
  }
  const section = option.type === 'function' ? words.functions : option.type === 'text' ? words.values : words.labels;
  return [{ ...option, section: { name: section, rank: TYPE_RANK[option.type ?? ''] ?? 5 } }];
}

function metricOption(option: Completion, metric: MetricInfo, place: Place): Completion {
  const { vocabulary, words, wantsCounter } = place;
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

function rateOption(plain: Completion, metric: MetricInfo, { vocabulary }: Place): Completion {
  const selector = isLegacyMetricName(metric.name) ? metric.name : `{${JSON.stringify(metric.name)}}`;
  const text = `rate(${selector}[${vocabulary.rateWindow()}])`;
  return { ...plain, displayLabel: text, detail: undefined, boost: 10, apply: text };
}

/** A function is put in with its parentheses and the cursor between them, where there are none yet. */
function applyCall(view: EditorView, completion: Completion, from: number, to: number): void {
  const called = view.state.sliceDoc(to, to + 1) === '(';
  const takes = helpFor(completion.label)?.args.length !== 0;
  const insert = called ? completion.label : `${completion.label}()`;
  const cursor = from + insert.length - (called || !takes ? 0 : 1);
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: cursor },
    annotations: pickedCompletion.of(completion),
    userEvent: 'input.complete',
  });
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
