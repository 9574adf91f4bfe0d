import type { JsonRule } from '#shared/contract/index.ts';
import { LineError } from './error.ts';
import { jsonExpression, type JsonExpression, type JsonItem } from './json-path.ts';
import type { JsonSample } from './json-shape.ts';
import { jsonNumber, jsonText, jsonTime, metricName } from './json-value.ts';

/** A rule with its expressions compiled. */
export interface JsonMapping {
  readonly rule: JsonRule;
  readonly each: JsonExpression | null;
  readonly name: JsonExpression;
  readonly value: JsonExpression;
  readonly time: JsonExpression | null;
  readonly labels: readonly (readonly [label: string, expression: JsonExpression])[];
}

/** @throws Error when an expression is not valid: rules are checked where they are configured */
export function compileRule(rule: JsonRule): JsonMapping {
  return {
    rule,
    each: rule.each === '' ? null : jsonExpression(rule.each),
    name: jsonExpression(rule.name),
    value: jsonExpression(rule.value === '' ? '$' : rule.value),
    time: rule.time === '' ? null : jsonExpression(rule.time),
    labels: rule.labels.map(([label, text]) => [label, jsonExpression(text)]),
  };
}

/** The samples that a rule finds in a document; items without a value (or with null) give none. @throws LineError */
export function* mappedSamples(mapping: JsonMapping, document: unknown): Iterable<JsonSample> {
  const whole: JsonItem = { value: document, key: '', place: () => '$', root: document };
  const { type, help } = mapping.rule;
  for (const item of mapping.each === null ? [whole] : mapping.each.find(whole)) {
    const found = single(mapping.value, item);
    const value = found === null ? null : jsonNumber(found.value, () => found.place());
    if (value === null) continue;
    const at = (expression: JsonExpression): readonly [unknown, () => string] => {
      const part = single(expression, item);
      return [part?.value ?? null, () => (part ?? item).place()];
    };
    const [name, place] = at(mapping.name);
    yield {
      name: metricName(jsonText(name, place), () => `${item.place()}, ${mapping.name.text},`),
      labels: mapping.labels.map(([label, expression]) => [label, jsonText(...at(expression))] as const),
      value,
      time: mapping.time === null ? NaN : jsonTime(...at(mapping.time)),
      type: type === '' ? 'unknown' : type,
      help,
      unit: '',
    };
  }
}

function single(expression: JsonExpression, item: JsonItem): JsonItem | null {
  const found = expression.find(item);
  if (found.length > 1)
    throw new LineError(
      `${expression.text} gives ${found.length} values at ${item.place()}: what there are several of belongs into "each"`,
    );
  return found[0] ?? null;
}
