import { readFileSync } from 'node:fs';
import { byteOffset, parseExpr, PromqlParseError, type Expr, type ParserOptions } from '#shared/promql/index.ts';
import { runCase, type CaseOutcome } from './outcome.ts';

interface ParseCase {
  readonly expr: string;
  readonly valid: boolean;
  readonly root?: string;
  readonly errorSubstring?: string;
  readonly errorRange?: readonly [from: number, to: number];
  readonly exprBase64?: string;
  readonly errorCount?: number;
}

const ROOTS: Readonly<Record<Expr['kind'], string>> = {
  number: 'NumberLiteral',
  string: 'StringLiteral',
  selector: 'VectorSelector',
  matrix: 'MatrixSelector',
  subquery: 'SubqueryExpr',
  unary: 'UnaryExpr',
  binary: 'BinaryExpr',
  aggregate: 'AggregateExpr',
  call: 'Call',
  paren: 'ParenExpr',
};

/** Byte offsets in the original bytes, of which those that are no UTF-8 became one replacement character each. */
function byteOffsets(test: ParseCase, text: string): (offset: number) => number {
  if (test.exprBase64 === undefined) return (offset) => byteOffset(text, offset);
  const bytes = Buffer.from(test.exprBase64, 'base64');
  return (offset) => {
    let at = 0;
    for (let i = 0; i < offset; i++) {
      const piece = Buffer.from(text.charAt(i));
      at += text.charAt(i) === '\ufffd' && !bytes.subarray(at, at + 3).equals(piece) ? 1 : piece.length;
    }
    return at;
  };
}

function check(test: ParseCase, options: ParserOptions): string | null {
  const text = test.exprBase64 === undefined ? test.expr : Buffer.from(test.exprBase64, 'base64').toString('utf8');
  let expr: Expr;
  try {
    expr = parseExpr(text, options);
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
    return test.valid ? `does not parse: ${error.located}` : checkError(test, error, byteOffsets(test, text));
  }
  if (!test.valid) return `parses, but should fail with: ${test.errorSubstring}`;
  const root = ROOTS[expr.kind];
  return root === test.root ? null : `root is ${root}, not ${test.root}`;
}

function checkError(test: ParseCase, error: PromqlParseError, toByte: (offset: number) => number): string | null {
  const { errorSubstring, errorRange, errorCount } = test;
  if (errorSubstring !== undefined && !error.message.includes(errorSubstring))
    return `error is "${error.message}", not "${errorSubstring}"`;
  const range = [toByte(error.from), toByte(error.to)];
  if (errorRange !== undefined && (range[0] !== errorRange[0] || range[1] !== errorRange[1]))
    return `error range is [${range.join(', ')}], not [${errorRange.join(', ')}]`;
  if (errorCount !== undefined && error.problems.length !== errorCount)
    return `${error.problems.length} errors, not ${errorCount}: ${error.problems.map(({ message }) => message).join('; ')}`;
  return null;
}

/** Expressions with their root, or the first error's text and place. */
export function promqlParse(path: string): readonly CaseOutcome[] {
  const file = JSON.parse(readFileSync(path, 'utf8')) as { parserOptions: ParserOptions; cases: readonly ParseCase[] };
  return file.cases.map((test) => runCase(test.expr, () => check(test, file.parserOptions)));
}
