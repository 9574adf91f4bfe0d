import {
  compileAnchored,
  getLabel,
  METRIC_NAME,
  RegexError,
  withLabel,
  type AnchoredRegex,
  type Labels,
} from '#shared/model/index.ts';
import type { Column } from '../columns.ts';
import { mergeSameLabels } from '../context.ts';
import { fail } from '../failure.ts';
import { stringArg, vectorArg, type VectorCall, type VectorFunction } from './call.ts';

/** Any text but the empty one, as long as it is valid Unicode. */
function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}

/** The column under a label that was set; naming the metric anew takes back an earlier removal of the name. */
function relabelled(column: Column, name: string, labels: Labels): Column {
  return { ...column, labels, dropName: name === METRIC_NAME ? false : column.dropName };
}

function compile(pattern: string): AnchoredRegex {
  try {
    return compileAnchored(pattern);
  } catch (error) {
    if (error instanceof RegexError) fail(`invalid regular expression in label_replace(): ${pattern}`);
    throw error;
  }
}

export const labelReplace: VectorFunction = async (call) => {
  const target = stringArg(call, 1);
  const replacement = stringArg(call, 2);
  const source = stringArg(call, 3);
  const regex = compile(stringArg(call, 4));
  if (!isLabelName(target)) fail(`invalid destination label name in label_replace(): ${target}`);
  const { limits } = call.context;
  const expanded = new Map<string, string | null>();
  const columns: Column[] = [];
  for (const column of vectorArg(call, 0)) {
    if (limits.due()) await limits.pause();
    const value = getLabel(column.labels, source);
    let result = expanded.get(value);
    if (result === undefined) {
      result = regex.expand(value, replacement);
      expanded.set(value, result);
    }
    columns.push(result === null ? column : relabelled(column, target, withLabel(column.labels, target, result)));
  }
  return { type: 'vector', columns: mergeSameLabels(columns) };
};

function sourceNames(call: VectorCall): string[] {
  const names: string[] = [];
  for (let i = 3; i < call.args.length; i++) names.push(stringArg(call, i));
  return names;
}

export const labelJoin: VectorFunction = (call) => {
  const target = stringArg(call, 1);
  const separator = stringArg(call, 2);
  const sources = sourceNames(call);
  for (const name of sources) if (!isLabelName(name)) fail(`invalid source label name in label_join(): ${name}`);
  if (!isLabelName(target)) fail(`invalid destination label name in label_join(): ${target}`);
  const columns = vectorArg(call, 0).map((column) => {
    const joined = sources.map((name) => getLabel(column.labels, name)).join(separator);
    return relabelled(column, target, withLabel(column.labels, target, joined));
  });
  return { type: 'vector', columns: mergeSameLabels(columns) };
};
