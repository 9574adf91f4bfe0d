import { z } from 'zod';
import { labelsFromPairs, labelsFromRecord, type Labels } from '#shared/model/index.ts';
import { readTargetGroups, type TargetGroup } from '#main/config/index.ts';

const groups = z.array(
  z.strictObject({
    targets: z.array(z.string()).nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
);

/** What a list of target groups says, before it is known where it comes from. */
export type GroupList = readonly Omit<TargetGroup, 'source'>[];

/** Reads `[{"targets": [...], "labels": {...}}, ...]`. @throws Error naming what is wrong */
export function readJsonGroups(text: string): GroupList {
  const parsed = groups.safeParse(JSON.parse(text) ?? []);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${issue.path.length === 0 ? 'the list' : issue.path.map(String).join('.')}: ${issue.message}`);
  }
  return parsed.data.map(({ targets, labels }) => ({
    targets: (targets ?? []).map((address) => labelsFromRecord({ __address__: address })),
    labels: labelsFromPairs(Object.entries(labels ?? {})),
  }));
}

/** Reads the same as YAML. @throws Error naming place and problem */
export function readYamlGroups(text: string): GroupList {
  const result = readTargetGroups(text);
  if (result.ok) return result.groups;
  throw new Error(result.problems.map(({ line, column, message }) => `${line}:${column}: ${message}`).join('; '));
}

/** Groups with the label and source that tell where they come from. */
export function from(list: GroupList, origin: string, label: string): readonly TargetGroup[] {
  return list.map((group, i) => ({
    source: `${origin}:${i}`,
    targets: group.targets,
    labels: withOrigin(group.labels, label, origin),
  }));
}

function withOrigin(labels: Labels, label: string, origin: string): Labels {
  const pairs: [string, string][] = [];
  for (let i = 0; i < labels.length; i += 2) pairs.push([labels[i], labels[i + 1]]);
  return labelsFromPairs([...pairs, [label, origin]]);
}
