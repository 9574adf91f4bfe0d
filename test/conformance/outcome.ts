/** What running one case gave: null when it passed, else why not. */
export interface CaseOutcome {
  readonly name: string;
  readonly failure: string | null;
}

/** Runs all cases of a file or folder. */
export type Runner = (
  path: string,
  args: readonly string[],
) => Promise<readonly CaseOutcome[]> | readonly CaseOutcome[];

export function passed(name: string): CaseOutcome {
  return { name, failure: null };
}

export function failed(name: string, failure: string): CaseOutcome {
  return { name, failure };
}

/** Runs one case; a throw is a failure with its message. */
export function runCase(name: string, run: () => string | null): CaseOutcome {
  try {
    return { name, failure: run() };
  } catch (error) {
    return failed(name, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}
