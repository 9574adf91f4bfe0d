/**
 * Replaces `$NAME`, `${NAME}` by what `lookup` gives and `$$` by a dollar sign, by the rules of Go's `os.Expand`: names are letters,
 * digits and `_`, or one of the shell's special characters; a broken reference is dropped.
 */
export function expandVariables(text: string, lookup: (name: string) => string): string {
  let out = '';
  let rest = text;
  for (;;) {
    const dollar = rest.indexOf('$');
    if (dollar < 0 || dollar === rest.length - 1) return out + rest;
    out += rest.slice(0, dollar);
    rest = rest.slice(dollar + 1);
    const [name, length] = readName(rest);
    // A `$` before something that is no name stands for itself; `${}` and `${` are eaten.
    if (name === '' && length === 0) out += '$';
    else if (name !== '') out += name === '$' ? '$' : lookup(name);
    rest = rest.slice(length);
  }
}

const SPECIAL = /^[*#$@!?\-0-9]/;

function readName(text: string): readonly [name: string, length: number] {
  if (text.startsWith('{')) {
    const special = /^\{([*#$@!?\-0-9])\}/.exec(text);
    if (special !== null) return [special[1], 3];
    const end = text.indexOf('}');
    if (end < 0) return ['', 1];
    if (end === 1) return ['', 2];
    return [text.slice(1, end), end + 1];
  }
  if (SPECIAL.test(text)) return [text[0], 1];
  const name = /^[A-Za-z0-9_]*/.exec(text)?.[0] ?? '';
  return [name, name.length];
}
