import {
  HearthError,
  type ExplainedResult,
  type QueryCost,
  type QueryResult,
  type QueryValue,
} from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import {
  documentedType,
  parseExpr,
  PromqlParseError,
  typeOf,
  type Expr,
  type ParserOptions,
} from '#shared/promql/index.ts';
import type { Querier } from '#main/storage/index.ts';
import { Annotations } from './annotations.ts';
import type { Grid } from './columns.ts';
import type { EvalContext } from './context.ts';
import { Evaluator } from './evaluate.ts';
import { QueryLimits } from './limits.ts';
import { planExpr } from './plan.ts';
import type { PlanNode } from './plan-node.ts';
import { Profile } from './profile.ts';
import { rangeInput } from './range-call.ts';
import { toQueryValue, toRawSamples } from './result.ts';
import { Selections } from './selection.ts';
import type { TierPolicy } from './tiers.ts';

/** What is the same for all queries; plain data. */
export interface EngineSettings {
  /** How far back an instant selector looks for a sample. */
  readonly lookback: Millis;
  readonly timeout: Millis;
  /** Most samples that one query may hold in memory. */
  readonly maxSamples: number;
  /** Names of `--enable-feature`. */
  readonly features: ReadonlySet<string>;
}

export interface EngineOptions extends EngineSettings {
  /** Resolution of subqueries that give none. */
  readonly noStepSubqueryInterval: (range: Millis) => Millis;
  readonly clock: () => Millis;
}

export interface QueryOptions {
  /** Cancels the query: it fails with kind `canceled`. */
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** In place of the engine's. */
  readonly lookback?: Millis | undefined;
  /** Shorter than the engine's; a longer one does not count. */
  readonly timeout?: Millis | undefined;
  /** Whether to count the samples that each step looks at. */
  readonly countSteps?: boolean | undefined;
  /** Tiers that may be read in place of samples; by default none. */
  readonly tiers?: TierPolicy | null | undefined;
  /** Made by the same engine of the same expression, range and options, and not run yet: it is not planned anew. */
  readonly plan?: QueryPlan | undefined;
}

/** What of the options changes what is read. */
export interface PlanOptions extends Pick<QueryOptions, 'lookback' | 'tiers'> {
  /** An instant query is planned, not a range; by default where start is equal to end. */
  readonly instant?: boolean | undefined;
}

/** Times of a range query: start, start + step, ... up to and including end. */
export interface QueryRange {
  readonly start: Millis;
  readonly end: Millis;
  readonly step: Millis;
}

/** An expression bound to its times. It serves one run. */
export interface QueryPlan {
  /** Steps of the query itself. */
  readonly steps: number;
  readonly root: PlanNode;
  /** What will be selected. */
  readonly selections: Selections;
}

/**
 * Evaluates PromQL. It works on the thread of its caller and gives way to others between series.
 * The querier stays the caller's: it is neither released nor kept.
 * All methods fail with HearthError: query-parse, query-execution, query-timeout or canceled, in Prometheus's words.
 */
export interface Engine {
  instant(querier: Querier, expr: string, time: Millis, options?: QueryOptions): Promise<QueryResult>;
  range(querier: Querier, expr: string, range: QueryRange, options?: QueryOptions): Promise<QueryResult>;
  /** As `range` (start equal to end is an instant query), measuring every node. */
  explain(querier: Querier, expr: string, range: QueryRange, options?: QueryOptions): Promise<ExplainedResult>;
  /** What the query will select, known before anything is read. Fails as `range` does. */
  plan(expr: string, range: QueryRange, options?: PlanOptions): QueryPlan;
  /** What the query would read, from the index alone. Fails as `range` does where the expression is at fault. */
  cost(querier: Querier, expr: string, range: QueryRange, options?: PlanOptions): QueryCost;
  /** What the parser of this engine's expressions allows. */
  readonly parserOptions: ParserOptions;
}

/** What the parser allows with these features. */
export function parserOptionsOf(features: ReadonlySet<string>): ParserOptions {
  return {
    experimentalFunctions: features.has('promql-experimental-functions'),
    durationExpressions: true,
    extendedRangeSelectors: features.has('promql-extended-range-selectors'),
    binopFillModifiers: features.has('promql-binop-fill-modifiers'),
  };
}

function parse(text: string, options: ParserOptions): Expr {
  try {
    return parseExpr(text, options);
  } catch (error) {
    if (!(error instanceof PromqlParseError)) throw error;
    throw new HearthError({ kind: 'query-parse', message: error.located, from: error.from, to: error.to });
  }
}

/** Expressions kept parsed: live charts ask the same ones again and again. */
const PARSED_KEPT = 500;

/** Parses with a memory of the expressions used last. Trees are immutable, so that queries can share them. */
function createParser(options: ParserOptions): (text: string) => Expr {
  const parsed = new Map<string, Expr>();
  return (text) => {
    const known = parsed.get(text);
    const expr = known ?? parse(text, options);
    // Taken out and put in again, an entry is the youngest.
    if (known !== undefined) parsed.delete(text);
    else if (parsed.size >= PARSED_KEPT) for (const [oldest] of parsed.entries().take(1)) parsed.delete(oldest);
    parsed.set(text, expr);
    return expr;
  };
}

export function createEngine(options: EngineOptions): Engine {
  const { clock, features } = options;
  const parserOptions = parserOptionsOf(features);
  const parseText = createParser(parserOptions);

  const switches = {
    delayedNames: features.has('promql-delayed-name-removal'),
    useStartTimes: features.has('use-start-timestamps'),
    typeAndUnitLabels: features.has('type-and-unit-labels'),
  };

  const gridOf = ({ start, end, step }: QueryRange): Grid => ({
    start,
    step,
    count: end < start ? 0 : Math.floor((end - start) / step) + 1,
  });

  const planned = (expr: Expr, grid: Grid, end: Millis, instant: boolean, query: PlanOptions): QueryPlan => {
    const selections = new Selections();
    const lookback = query.lookback ?? options.lookback;
    const { noStepSubqueryInterval } = options;
    const tiers = query.tiers ?? null;
    const root = planExpr(expr, { grid, instant, end, lookback, noStepSubqueryInterval, selections, tiers });
    return { steps: grid.count, root, selections };
  };

  const planOf = (expr: string, range: QueryRange, query: PlanOptions): QueryPlan =>
    planned(parseText(expr), gridOf(range), range.end, query.instant ?? range.start === range.end, query);

  const run = async (
    querier: Querier,
    text: string,
    grid: Grid,
    end: Millis,
    instant: boolean,
    query: QueryOptions,
    profile: Profile | null,
  ): Promise<QueryResult> => {
    const started = clock();
    const expr = parseText(text);
    const type = typeOf(expr);
    if (!instant && type !== 'vector' && type !== 'scalar') {
      const message = `invalid expression type "${documentedType(type)}" for range query, must be Scalar or instant Vector`;
      throw new HearthError({ kind: 'query-parse', message, from: expr.from, to: expr.to });
    }
    const lookback = query.lookback ?? options.lookback;
    const timeout = Math.min(query.timeout ?? options.timeout, options.timeout);
    const limits = new QueryLimits({ clock, timeout, maxSamples: options.maxSamples, signal: query.signal });
    limits.check();
    const notes = new Annotations();
    const context: EvalContext = {
      querier,
      limits,
      notes,
      lookback,
      ...switches,
      looked: query.countSteps === true ? new Float64Array(grid.count) : null,
    };
    const { root: plan, selections } = query.plan ?? planned(expr, grid, end, instant, query);
    const evaluator = new Evaluator(context, profile);
    let value: QueryValue;
    if (plan.kind === 'raw') {
      const { source } = plan;
      const inner = source.kind === 'subquery' ? await evaluator.columns(source.child) : [];
      const raw = toRawSamples(source, rangeInput(source, inner, context, true));
      if (raw.type === 'samples') context.looked?.fill(raw.series.reduce((sum, { times }) => sum + times.length, 0));
      value = raw;
    } else value = toQueryValue(await evaluator.evaluate(plan), grid, instant, type);
    limits.check();
    const read = selections.stats();
    return {
      ...value,
      ...notes.texts(text),
      stats: {
        seriesRead: read.series,
        samplesRead: read.samples,
        evalMillis: clock() - started,
        looked:
          context.looked === null
            ? null
            : { start: grid.start, step: grid.step, samples: context.looked, peak: limits.peak },
      },
    };
  };

  return {
    parserOptions,
    instant(querier, expr, time, query = {}) {
      return run(querier, expr, { start: time, step: 1, count: 1 }, time, true, query, null);
    },
    range(querier, expr, range, query = {}) {
      return run(querier, expr, gridOf(range), range.end, false, query, null);
    },
    async explain(querier, expr, range, query = {}) {
      const instant = range.start === range.end;
      const plan = query.plan ?? planOf(expr, range, query);
      const profile = new Profile(clock);
      const result = await run(querier, expr, gridOf(range), range.end, instant, { ...query, plan }, profile);
      return { result, explain: profile.explain(plan.root) };
    },
    plan(expr, range, query = {}) {
      return planOf(expr, range, query);
    },
    cost(querier, expr, range, query = {}) {
      const { selections, steps } = planOf(expr, range, query);
      return { ...selections.estimate(querier), steps, maxSamples: options.maxSamples };
    },
  };
}
