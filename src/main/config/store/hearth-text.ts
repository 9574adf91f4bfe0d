import { parseYamlSource } from '../decode/yaml-source.ts';
import { reconcile } from '../edit/reconcile.ts';
import { toPlain, type Desired, type Plain } from '../edit/plain-value.ts';

const HEADER =
  '# What Hearth knows beyond prometheus.yml. Comments and order are kept when Hearth changes it.\nversion: 1\n';

/** Changes the text by the smallest edits that make it say what `change` makes of its top-level keys; null when it cannot be. */
export function editTop(text: string, change: (top: Map<string, Desired>) => void): string | null {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return null;
  const plain = toPlain(source.root, source.document);
  const top = new Map<string, Desired>(plain instanceof Map ? (plain as ReadonlyMap<string, Plain>) : []);
  change(top);
  if (top.size === 0) return text;
  const base = plain === null ? `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${HEADER}` : text;
  if (plain === null) top.set('version', 1);
  return reconcile(base, [], top);
}

export const mapOf = (value: Desired | undefined): Map<string, Desired> =>
  new Map<string, Desired>(value instanceof Map ? (value as ReadonlyMap<string, Desired>) : []);
