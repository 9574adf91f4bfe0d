import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { isNull, parseYamlSource, scalarText, type YamlSource } from '../decode/yaml-source.ts';
import { contentEnd, dashOffsets, pairEnd } from './node-extent.ts';
import type { Desired } from './plain-value.ts';
import { renderBlock } from './render.ts';
import { reconcile } from './reconcile.ts';
import { applySplices, columnOf, insertLines, lineEnd, lineStart, type Splice } from './text-lines.ts';

const KEY = 'scrape_configs';

function jobsPair(source: YamlSource): Pair | undefined {
  if (!isMap(source.root)) return undefined;
  return source.root.items.find((pair) => isScalar(pair.key) && scalarText(pair.key) === KEY);
}

/** The sequence of jobs; null when the file has none. */
export function jobsNode(source: YamlSource): YAMLSeq | null {
  const value = jobsPair(source)?.value;
  return isSeq(value) ? value : null;
}

/** The text with a job added after the last one; null when the text is not a mapping at its top. */
export function addJob(text: string, job: Desired): string | null {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return null;
  const splice = additionTo(source, text, job);
  return splice === null ? null : applySplices(text, [splice]);
}

function additionTo(source: YamlSource, text: string, job: Desired): Splice | null {
  const item = (indent: number): string => `${' '.repeat(indent)}- ${renderBlock(job, indent + 2)}`;
  const { root } = source;
  if (root === null || isNull(root)) return insertLines(text, text.length, `${KEY}:\n${item(2)}`);
  if (!isMap(root) || root.flow === true) return null;
  const pair = jobsPair(source);
  if (pair === undefined) {
    const at = lineEnd(text, contentEnd(text, root));
    return insertLines(text, at, `\n${KEY}:\n${item(2)}`);
  }
  const jobs = jobsNode(source);
  if (jobs === null || jobs.items.length === 0) {
    const from = text.indexOf(':', (pair.key as Node).range?.[1] ?? 0) + 1;
    const to = pairEnd(text, pair);
    return { from, to, text: `\n${item(2)}` };
  }
  if (jobs.flow === true) return null;
  const indent = columnOf(text, dashOffsets(jobs)[0]);
  const at = afterOwnComments(text, lineEnd(text, contentEnd(text, jobs)), indent);
  // Jobs that stand apart by blank lines stay so.
  const apart = /\n\s*\n/.test(betweenJobs(text, jobs));
  return insertLines(text, at, `${apart ? '\n' : ''}${item(indent)}`);
}

function betweenJobs(text: string, jobs: YAMLSeq): string {
  const dashes = dashOffsets(jobs);
  if (dashes.length < 2) return '';
  const previous = jobs.items[dashes.length - 2] as Node;
  return text.slice(contentEnd(text, previous), dashes[dashes.length - 1]);
}

/** Skips comment lines that are indented deeper than the dashes: they belong to the job above. */
function afterOwnComments(text: string, at: number, indent: number): number {
  let end = at;
  for (let start = at; start < text.length;) {
    const next = lineEnd(text, start);
    const match = /^( *)#/.exec(text.slice(start, next));
    if (match === null || match[1].length <= indent) break;
    end = next;
    start = next;
  }
  return end;
}

/** The text without the job at `index`, its own comment lines above included; null when jobs are written on one line. */
export function removeJob(text: string, index: number): string | null {
  const source = parseYamlSource(text);
  const jobs = jobsNode(source);
  if (jobs === null || jobs.flow === true || source.problems.length > 0) return null;
  const dash = dashOffsets(jobs)[index];
  const job = jobs.items[index] as Node | undefined;
  if (dash === undefined || job === undefined) return null;
  const indent = columnOf(text, dash);
  const to = afterOwnComments(text, lineEnd(text, Math.max(contentEnd(text, job), dash + 1)), indent);
  let from = lineStart(text, dash);
  while (from > 0) {
    const above = lineStart(text, from - 1);
    if (!/^ *#/.test(text.slice(above, from))) break;
    from = above;
  }
  // One of two blank lines that would meet goes with the job.
  if (from > 0) {
    const above = lineStart(text, from - 1);
    const blankAbove = text.slice(above, from).trim() === '';
    const blankBelow = to >= text.length || text.slice(to, lineEnd(text, to)).trim() === '';
    if (blankAbove && blankBelow) from = above;
  }
  return applySplices(text, [{ from, to, text: '' }]);
}

/** The text with the job at `index` saying what is desired, all else untouched; null when it cannot be edited so. */
export function updateJob(text: string, index: number, job: Desired): string | null {
  return reconcile(text, [KEY, index], job) ?? rewriteJob(text, index, job);
}

/** A job written in one line (`- {job_name: a}`) is written anew in several. */
function rewriteJob(text: string, index: number, desired: Desired): string | null {
  const jobs = jobsNode(parseYamlSource(text));
  const job = jobs?.items[index] as YAMLMap | undefined;
  if (jobs === null || jobs.flow === true || job === undefined || job.flow !== true) return null;
  const indent = columnOf(text, dashOffsets(jobs)[index]);
  return applySplices(text, [
    { from: job.range?.[0] ?? 0, to: contentEnd(text, job), text: renderBlock(desired, indent + 2) },
  ]);
}
