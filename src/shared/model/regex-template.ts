/** A replacement as parts: plain text, a group by number, or a group by name. */
export type TemplatePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'number'; readonly number: number }
  | { readonly type: 'name'; readonly name: string };

const REFERENCE = /^(?:\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/u;

/**
 * Reads a replacement as Go does: `$1`, `${1}`, `$name`, `${name}`; `$$` is a dollar sign. A name is as long as
 * possible (`$1x` is the group named `1x`); a dollar sign that starts no reference stands for itself.
 */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = '';
  let at = 0;
  for (;;) {
    const dollar = template.indexOf('$', at);
    if (dollar < 0) break;
    text += template.slice(at, dollar);
    at = dollar + 1;
    if (template[at] === '$') {
      text += '$';
      at++;
      continue;
    }
    const match = REFERENCE.exec(template.slice(at));
    if (match === null) {
      text += '$';
      continue;
    }
    at += match[0].length;
    if (text !== '') parts.push({ type: 'text', text });
    text = '';
    const name = match[1] ?? match[2];
    // A number has no leading zero and at most nine digits, the last of which Go reads from 1e8 on as a name.
    const numbered = /^(?:0|[1-9][0-9]{0,8})$/.test(name);
    parts.push(numbered ? { type: 'number', number: Number(name) } : { type: 'name', name });
  }
  text += template.slice(at);
  if (text !== '') parts.push({ type: 'text', text });
  return parts;
}

/** The replacement for a match: `groups[0]` is the whole, groups that took no part are undefined. */
export function expandTemplate(
  parts: readonly TemplatePart[],
  groups: readonly (string | undefined)[],
  names: readonly (string | null)[],
): string {
  let out = '';
  for (const part of parts) {
    if (part.type === 'text') out += part.text;
    else if (part.type === 'number') out += groups[part.number] ?? '';
    else {
      const index = names.indexOf(part.name);
      if (index >= 0) out += groups[index + 1] ?? '';
    }
  }
  return out;
}
