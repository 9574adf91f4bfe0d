import type { Vocabulary } from '../../editor/index.ts';
import { nearestNames } from './nearest.ts';
import { getLabelOfMatchers, selectorsOf } from './selectors.ts';
import { METRIC_NAME } from '#shared/model/index.ts';

/** Why a query has no result, as far as names and values tell. */
export type EmptyReason =
  /** No metric has this name. */
  | { readonly kind: 'no-metric'; readonly metric: string; readonly near: readonly Suggestion[] }
  /** The metric exists, but not with this value. */
  | {
      readonly kind: 'no-value';
      readonly metric: string;
      readonly label: string;
      readonly value: string;
      readonly near: readonly Suggestion[];
    }
  | { readonly kind: 'unknown' };

/** A name or value that exists, and the query with it in place of the one that does not. */
export interface Suggestion {
  readonly text: string;
  readonly query: string;
}

/** Looks for the first selector that cannot match anything. */
export async function whyEmpty(expr: string, vocabulary: Vocabulary): Promise<EmptyReason> {
  for (const selector of selectorsOf(expr)) {
    const metric = getLabelOfMatchers(selector.matchers);
    if (metric === '') continue;
    const replaced = (from: string, to: string): string =>
      expr.slice(0, selector.from) + expr.slice(selector.from, selector.to).replace(from, to) + expr.slice(selector.to);
    const names = (await vocabulary.metrics()).map((info) => info.name);
    if (!names.includes(metric)) {
      const near = nearestNames(metric, names).map((text) => ({ text, query: replaced(metric, text) }));
      return { kind: 'no-metric', metric, near };
    }
    for (const matcher of selector.matchers) {
      if (matcher.type !== '=' || matcher.name === METRIC_NAME || matcher.value === '') continue;
      const values = await vocabulary.labelValues(matcher.name, metric, []);
      if (values.includes(matcher.value)) continue;
      const close = nearestNames(matcher.value, values);
      const shown = close.length > 0 ? close : values.slice(0, 3);
      const near = shown.map((text) => ({
        text,
        query: replaced(JSON.stringify(matcher.value), JSON.stringify(text)),
      }));
      return { kind: 'no-value', metric, label: matcher.name, value: matcher.value, near };
    }
  }
  return { kind: 'unknown' };
}
