import { createEngine, type Engine } from '#main/promql/index.ts';
import { runEval } from './run-eval.ts';
import { parseScript } from './script.ts';
import { TestStore } from './test-store.ts';

export interface EvalOutcome {
  readonly line: number;
  readonly expr: string;
  /** Null when it passed. */
  readonly failure: string | null;
}

const MINUTE = 60_000;

/** The settings that all scripts are written for. */
export function createTestEngine(): Engine {
  return createEngine({
    lookback: 5 * MINUTE,
    timeout: 100_000,
    maxSamples: 10_000,
    features: new Set([
      'promql-experimental-functions',
      'promql-duration-expr',
      'promql-extended-range-selectors',
      'promql-binop-fill-modifiers',
      'promql-delayed-name-removal',
      'use-start-timestamps',
    ]),
    noStepSubqueryInterval: () => MINUTE,
    clock: () => performance.now(),
  });
}

/** Runs a script's statements in order. Evals that stand after a load that failed fail too. */
export async function runScript(text: string, engine: Engine): Promise<readonly EvalOutcome[]> {
  const store = new TestStore();
  const outcomes: EvalOutcome[] = [];
  let broken: string | null = null;
  try {
    for (const statement of parseScript(text)) {
      switch (statement.kind) {
        case 'clear':
          await store.clear();
          break;
        case 'load':
          try {
            store.load(statement);
          } catch (error) {
            broken ??= `line ${statement.line} does not load: ${String(error)}`;
          }
          break;
        case 'error':
          if (statement.isEval)
            outcomes.push({ line: statement.line, expr: statement.text, failure: statement.message });
          else broken ??= `line ${statement.line}: ${statement.message}`;
          break;
        case 'eval': {
          const { line, expr } = statement;
          const failure =
            broken ?? (await runEval(statement, engine, store).catch((error: unknown) => `crashes: ${trace(error)}`));
          outcomes.push({ line, expr, failure });
        }
      }
    }
  } finally {
    await store.close();
  }
  return outcomes;
}

function trace(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error);
}
