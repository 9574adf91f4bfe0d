import { readFileSync } from 'node:fs';
import { parseExpr, print, type ParserOptions } from '#shared/promql/index.ts';
import { runCase, type CaseOutcome } from './outcome.ts';

interface PrintCase {
  readonly expr: string;
  readonly canonical: string;
}

/** Expressions with the one-line form that printing their tree gives. */
export function promqlPrint(path: string): readonly CaseOutcome[] {
  const file = JSON.parse(readFileSync(path, 'utf8')) as { parserOptions: ParserOptions; cases: readonly PrintCase[] };
  return file.cases.map(({ expr, canonical }) =>
    runCase(expr, () => {
      const printed = print(parseExpr(expr, file.parserOptions));
      return printed === canonical ? null : `prints as ${printed}, not ${canonical}`;
    }),
  );
}
