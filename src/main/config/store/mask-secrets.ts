import { isMap, isScalar, isSeq, type Document, type Node, type Scalar } from 'yaml';
import { DecodeContext, decodeNode } from '../decode/decoder.ts';
import { parseYamlSource, resolveNode, scalarText, type YamlSource } from '../decode/yaml-source.ts';
import { contentEnd } from '../edit/node-extent.ts';
import { applySplices, type Splice } from '../edit/text-lines.ts';
import { configFile } from '../schema/config.ts';
import { secretId } from './secret-store.ts';

/** What is shown in place of a secret. */
const MASK = '<secret>';

const URL_PASSWORD = /^([^/?#]*\/\/[^/?#@]*?:)([^/?#]*)(@)/;

function secretNodes(source: YamlSource): readonly Scalar[] {
  const context = new DecodeContext(source);
  if (source.root !== null) decodeNode(configFile, source.root, context);
  const shown = (node: Scalar): boolean => scalarText(node) === '' || secretId(scalarText(node)) !== null;
  // A node that an alias repeats is met several times.
  return [...new Set(context.secrets)].filter((node) => !shown(node));
}

/**
 * The text with its plain secrets replaced by `<secret>`; references to the secret store stay. Text that does not parse is masked
 * line by line, by the names of the keys.
 */
export function maskSecrets(text: string): string {
  const source = parseYamlSource(text);
  if (source.problems.length > 0) return maskLines(text);
  const splices = secretNodes(source).map((node): Splice => {
    const [from] = node.range as [number, number, number];
    const to = contentEnd(text, node);
    const written = text.slice(from, to);
    const masked = URL_PASSWORD.test(scalarText(node))
      ? written.replace(/(\/\/[^/?#@]*?:)([^/?#]*)(@)/, `$1${MASK}$3`)
      : MASK;
    return { from, to, text: masked };
  });
  return applySplices(text, splices);
}

const SECRET_LINE =
  /^(\s*(?:-\s+)?["']?(?:password|bearer_token|credentials|client_secret|client_certificate_key|key|secret_key|token|auth_token|application_secret|application_credential_secret|consumer_key|key_passphrase|service_account_key|private_key|certificate_password)["']?\s*:[ \t]*)(\S.*)$/;
/** The same keys within a mapping on one line. */
const SECRET_IN_FLOW =
  /([{,]\s*["']?(?:password|bearer_token|credentials|client_secret|secret_key|token|auth_token)["']?\s*:\s*)("[^"]*"|'[^']*'|[^,}\s]+)/g;

function maskLines(text: string): string {
  return text
    .split('\n')
    .map((line) => {
      const match = SECRET_LINE.exec(line);
      const masked = match === null || secretId(match[2]) !== null ? line : `${match[1]}${MASK}`;
      return masked.replace(SECRET_IN_FLOW, `$1${MASK}`).replace(/(:\/\/[^/\s:@]+:)[^/\s@]+(@)/g, `$1${MASK}$2`);
    })
    .join('\n');
}

/** Where a masked value stands, 1-based, when nobody knows what it stands for. */
export interface LostSecret {
  readonly line: number;
  readonly column: number;
}

export type Unmasked =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly lost: readonly LostSecret[] };

/**
 * The text with each `<secret>` replaced by what stands at the same place of `original`; jobs are the same when their names are, other
 * list items when their positions are.
 */
export function unmaskSecrets(text: string, original: string): Unmasked {
  if (!text.includes(MASK)) return { ok: true, text };
  const source = parseYamlSource(text);
  // It will be refused for what does not parse.
  if (source.problems.length > 0 || source.root === null) return { ok: true, text };
  const known = new Map<string, Original>();
  const originalSource = parseYamlSource(original);
  if (originalSource.root !== null)
    walk(originalSource.root, originalSource.document, '', (path, node) => {
      const written = original.slice(node.range?.[0] ?? 0, contentEnd(original, node));
      known.set(path, { value: scalarText(node), written });
    });
  const splices: Splice[] = [];
  const lost: LostSecret[] = [];
  const secrets = new Set(secretNodes(source));
  walk(source.root, source.document, '', (path, node) => {
    const shown = scalarText(node);
    if (!secrets.has(node) || !shown.includes(MASK)) return;
    const [from] = node.range as [number, number, number];
    const value = known.get(path);
    const restored = value === undefined ? null : restore(shown, value);
    if (restored === null) lost.push(source.position(from));
    else splices.push({ from, to: contentEnd(text, node), text: restored });
  });
  return lost.length > 0 ? { ok: false, lost } : { ok: true, text: applySplices(text, splices) };
}

interface Original {
  readonly value: string;
  /** As it stands in the text, quotes included. */
  readonly written: string;
}

/** The scalar to write, as it was written before where that is possible. */
function restore(shown: string, { value, written }: Original): string | null {
  if (shown === MASK) return /[\n\r]|[,[\]{}]/.test(written) ? JSON.stringify(value) : written;
  const password = URL_PASSWORD.exec(value)?.[2];
  return password === undefined ? null : JSON.stringify(shown.replace(MASK, () => password));
}

function walk(node: Node, document: Document | null, path: string, visit: (path: string, node: Scalar) => void): void {
  if (isScalar(node)) visit(path, node);
  // Aliases are not followed: their node is met where it is written.
  else if (isMap(node))
    for (const pair of node.items) {
      if (isScalar(pair.key) && pair.value !== null)
        walk(pair.value as Node, document, `${path}/${scalarText(pair.key)}`, visit);
    }
  else if (isSeq(node))
    for (const [i, item] of node.items.entries())
      walk(item as Node, document, `${path}/${itemName(item, document) ?? i}`, visit);
}

/** A name that stays when items are moved, or null. */
function itemName(item: unknown, document: Document | null): string | null {
  const resolved = resolveNode(item, document);
  if (!isMap(resolved)) return null;
  for (const key of ['job_name', 'name', 'url']) {
    const value = resolved.items.find((pair) => isScalar(pair.key) && scalarText(pair.key) === key)?.value;
    if (isScalar(value)) return `${key}=${scalarText(value).replace(URL_PASSWORD, '$1$3')}`;
  }
  return null;
}
