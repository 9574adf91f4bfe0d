import type { ExplainNode } from '#shared/contract/index.ts';

/** A node of the query as a line of the explain table. */
export interface ExplainRow {
  readonly key: string;
  readonly depth: number;
  /** Its own part of the query, with `…` where its children stand. */
  readonly text: string;
  readonly seriesIn: number;
  readonly seriesOut: number;
  /** Samples that it worked on. */
  readonly samples: number;
  /** Evaluated once for all steps. */
  readonly once: boolean;
  /** Milliseconds of its own, those of its children left out. */
  readonly millis: number;
  /** Its part of the whole time, 0 to 1. */
  readonly share: number;
  readonly slowest: boolean;
}

/** Lines parent first. Literals are part of the line they stand in. */
export function explainRows(expr: string, root: ExplainNode): readonly ExplainRow[] {
  const rows: (Omit<ExplainRow, 'share' | 'slowest'> & { readonly millis: number })[] = [];
  const visit = (node: ExplainNode, depth: number, key: string): void => {
    if (node.kind === 'repeat' && node.children.length === 1) {
      visit(node.children[0], depth, key);
      return;
    }
    const children = node.children.filter(isStep);
    const read = node.read;
    rows.push({
      key,
      depth,
      text: ownText(expr, node, children),
      seriesIn: read?.series ?? children.reduce((sum, child) => sum + child.series, 0),
      seriesOut: node.series,
      samples: read?.samples ?? children.reduce((sum, child) => sum + child.samples, 0),
      once: node.steps === 1,
      millis: Math.max(0, node.millis - node.children.reduce((sum, child) => sum + child.millis, 0)),
    });
    for (const [i, child] of children.entries()) visit(child, depth + 1, `${key}.${i}`);
  };
  visit(root, 0, '0');
  const total = rows.reduce((sum, row) => sum + row.millis, 0);
  const most = Math.max(...rows.map((row) => row.millis));
  const slowest = rows.length > 1 && most > 0 ? rows.findIndex((row) => row.millis === most) : -1;
  return rows.map((row, i) => ({ ...row, share: total > 0 ? row.millis / total : 0, slowest: i === slowest }));
}

function isStep({ kind }: ExplainNode): boolean {
  return kind !== 'number' && kind !== 'string';
}

function ownText(expr: string, node: ExplainNode, children: readonly ExplainNode[]): string {
  let text = '';
  let at = node.from;
  for (const child of [...children].sort((a, b) => a.from - b.from)) {
    if (child.from < at) continue;
    text += `${expr.slice(at, child.from)}…`;
    at = child.to;
  }
  return (text + expr.slice(at, node.to)).replace(/\s+/g, ' ').trim();
}
