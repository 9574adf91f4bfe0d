import type { ExplainNode } from '#shared/contract/index.ts';
import type { Expr } from '#shared/promql/index.ts';
import { samplesIn } from './context.ts';
import type { NodeValue } from './columns.ts';
import type { PlanNode } from './plan-node.ts';

interface Measured {
  series: number;
  samples: number;
  read: ExplainNode['read'];
  millis: number;
  readonly children: PlanNode[];
}

/** Measures the nodes of a plan while it is evaluated. */
export class Profile {
  private readonly measured = new Map<PlanNode, Measured>();
  private readonly open: Measured[] = [];
  private readonly now: () => number;

  /** @param now a clock in milliseconds, as fine as there is one */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Begins a node; the function that it returns ends it. */
  begin(node: PlanNode): (value: NodeValue) => void {
    const started = this.now();
    const entry: Measured = { series: 0, samples: 0, read: null, millis: 0, children: [] };
    this.open.at(-1)?.children.push(node);
    this.measured.set(node, entry);
    this.open.push(entry);
    return (value) => {
      this.open.pop();
      entry.millis = this.now() - started;
      if ('source' in node && node.source.kind === 'selector') entry.read = node.source.selection.stats();
      entry.series = value.type === 'vector' ? value.columns.length : 1;
      entry.samples = value.type === 'vector' ? samplesIn(value.columns) : node.grid.count;
    };
  }

  /** The measured tree below a node. */
  explain(node: PlanNode): ExplainNode {
    const { series = 0, samples = 0, read = null, millis = 0, children = [] } = this.measured.get(node) ?? {};
    const { from, to }: Expr = node.expr;
    const below = children.map((child) => this.explain(child));
    return { kind: node.kind, from, to, steps: node.grid.count, series, samples, read, millis, children: below };
  }
}
