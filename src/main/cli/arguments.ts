/** What stands on a command line behind the command. */
export interface Arguments {
  readonly words: readonly string[];
  /** Values of each option by its name without dashes, in order. */
  readonly options: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads words, `--name=value` and `--name value`.
 * @param switches options without a value; theirs is 'true'
 */
export function readArguments(argv: readonly string[], switches: readonly string[] = []): Arguments {
  const words: string[] = [];
  const options = new Map<string, string[]>();
  for (let i = 0; i < argv.length; i++) {
    const match = /^--([a-z][a-z.-]*)(?:=(.*))?$/s.exec(argv[i]);
    if (match === null) {
      words.push(argv[i]);
      continue;
    }
    const inline = match[2] as string | undefined;
    const value = inline ?? (switches.includes(match[1]) ? 'true' : (argv[++i] ?? ''));
    options.set(match[1], [...(options.get(match[1]) ?? []), value]);
  }
  return { words, options };
}
