import { sparklinePath } from '#renderer/ui/index.ts';
import { signatureText, type FunctionHelp } from './function-help.ts';
import type { CompletionWords } from './promql-completion.ts';
import type { MetricInfo, Vocabulary } from './vocabulary.ts';

const TREND_WIDTH = 260;
const TREND_HEIGHT = 32;

type Add = (className: string, text: string, parent?: Node, tag?: string) => HTMLElement;

function pane(): { readonly dom: HTMLElement; readonly add: Add } {
  const dom = document.createElement('div');
  return {
    dom,
    add: (className, text, parent = dom, tag = 'div') => {
      const element = document.createElement(tag);
      element.className = className;
      element.textContent = text;
      parent.appendChild(element);
      return element;
    },
  };
}

/** What is known of a metric, beside its name in the list. */
export async function metricPane(
  metric: MetricInfo,
  vocabulary: Vocabulary,
  words: CompletionWords,
  warning: string,
): Promise<Node> {
  const labels = await vocabulary.labelNames(metric.name).catch(() => []);
  const { dom, add } = pane();
  add('hearth-info-name', metric.name);
  add('hearth-info-help', metric.help === '' ? words.noHelp : metric.help);
  const list = add('hearth-info-list', '', dom, 'dl');
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
  const place = add('hearth-info-trend', '');
  // The line comes when it is known; the words are there at once.
  void vocabulary.trend(metric).then(
    (values) => place.replaceChildren(...(values.length > 1 ? [trendLine(values)] : [])),
    () => undefined,
  );
  return dom;
}

function trendLine(values: readonly number[]): Node {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', `0 0 ${TREND_WIDTH} ${TREND_HEIGHT}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', sparklinePath(values, TREND_WIDTH, TREND_HEIGHT));
  svg.appendChild(path);
  return svg;
}

/** How a function is called and what it does. */
export function functionPane(help: FunctionHelp, words: CompletionWords): Node {
  const { dom, add } = pane();
  add('hearth-info-name', signatureText(help));
  add('hearth-info-help', help.doc ?? words.aggregation(help.name));
  if (help.experimental) add('hearth-info-warning', words.experimental);
  return dom;
}
