import { stringify } from 'yaml';
import type { Desired } from './plain-value.ts';

const FLOW_WIDTH = 90;

/** A scalar as YAML text, quoted where it would mean something else without. */
export function renderScalar(value: string | number | boolean | null, inFlow = false): string {
  if (value === null) return 'null';
  if (typeof value !== 'string') return String(value);
  // A line break would make a block scalar, whose indentation depends on where it stands.
  if (/[\n\r\t]/.test(value) || hasControl(value)) return JSON.stringify(value);
  if (inFlow) return `'${value.replaceAll("'", "''")}'`;
  return stringify(value, { lineWidth: 0, singleQuote: true }).trimEnd();
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20) return true;
  return false;
}

function isScalarValue(value: Desired): value is string | number | boolean | null {
  return typeof value !== 'object' || value === null;
}

/** A value on one line. */
export function renderFlow(value: Desired): string {
  if (isScalarValue(value)) return renderScalar(value, true);
  if (Array.isArray(value)) return `[${(value as readonly Desired[]).map(renderFlow).join(', ')}]`;
  const pairs = [...(value as ReadonlyMap<string, Desired>)].map(
    ([key, item]) => `${renderScalar(key)}: ${renderFlow(item)}`,
  );
  return `{${pairs.join(', ')}}`;
}

/** `key: value`, where the key stands at column `indent` (0-based); further lines are indented to fit, the last one has no line break. */
export function renderPair(key: string, value: Desired, indent: number): string {
  const name = renderScalar(key);
  if (isScalarValue(value)) return `${name}: ${renderScalar(value)}`;
  const flow = renderFlow(value);
  const empty = Array.isArray(value) ? value.length === 0 : (value as ReadonlyMap<string, Desired>).size === 0;
  const scalars = Array.isArray(value) && (value as readonly Desired[]).every(isScalarValue);
  if (empty || (scalars && indent + name.length + flow.length < FLOW_WIDTH)) return `${name}: ${flow}`;
  const inner = indent + 2;
  return `${name}:\n${' '.repeat(inner)}${renderBlock(value, inner)}`;
}

/** A list or mapping in block style whose first character stands at column `indent`. */
export function renderBlock(value: Desired, indent: number): string {
  if (isScalarValue(value)) return renderScalar(value);
  const lead = `\n${' '.repeat(indent)}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return (value as readonly Desired[]).map((item) => `- ${renderBlock(item, indent + 2)}`).join(lead);
  }
  const map = value as ReadonlyMap<string, Desired>;
  if (map.size === 0) return '{}';
  return [...map].map(([key, item]) => renderPair(key, item, indent)).join(lead);
}
