import { DecodeContext, decodeNode, list } from './decode/decoder.ts';
import { parseYamlSource, type Problem } from './decode/yaml-source.ts';
import type { TargetGroup } from './model.ts';
import { staticGroup } from './schema/discovery-local.ts';

export type TargetGroupsResult =
  | { readonly ok: true; readonly groups: readonly TargetGroup[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const groups = list(staticGroup, 'nil target group item found');

/** Reads a YAML file for file discovery: a list of groups as in `static_configs`. Sources are left empty. */
export function readTargetGroups(text: string): TargetGroupsResult {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return { ok: false, problems: source.problems };
  const context = new DecodeContext(source);
  const read = decodeNode(groups, source.root, context);
  return context.problems.length > 0 ? { ok: false, problems: context.problems } : { ok: true, groups: read };
}
