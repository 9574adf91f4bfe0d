import type { TextRange } from './ast.ts';
import { lineAndColumn } from './positions.ts';

/** One thing that is wrong with an expression. */
export interface ParseProblem extends TextRange {
  readonly message: string;
}

/** The text is no valid PromQL. `message`, `from` and `to` are those of the first problem. */
export class PromqlParseError extends Error {
  override readonly name = 'PromqlParseError';
  readonly text: string;
  readonly problems: readonly ParseProblem[];
  readonly from: number;
  readonly to: number;

  constructor(text: string, problems: readonly ParseProblem[]) {
    super(problems[0].message);
    this.text = text;
    this.problems = problems;
    this.from = problems[0].from;
    this.to = problems[0].to;
  }

  /** The error as Prometheus prints it: `1:5: parse error: ...`. */
  get located(): string {
    return `${lineAndColumn(this.text, this.from)}: parse error: ${this.message}`;
  }
}
