import { overlaps, type CharSet } from './regex-charset.ts';
import type { RegexNode } from './regex-syntax.ts';

/**
 * How much work a backtracking matcher may do, at most, for a pattern: it takes one path where the next character
 * leaves no choice, and tries several elsewhere.
 */
export interface RegexCost {
  /** Paths through choices outside of loops. */
  readonly factor: number;
  /** Loops over one character each that may go on or end at the same character. */
  readonly looseLoops: number;
}

/** Upper bound of the steps for a text of `length` characters. */
export function stepsFor({ factor, looseLoops }: RegexCost, length: number): number {
  return factor * (length + 1) ** (looseLoops + 1);
}

type Loop = 'none' | 'single' | 'body';

interface Position {
  readonly set: CharSet;
  readonly loop: Loop;
  readonly follow: Set<number>;
}

interface Part {
  readonly nullable: boolean;
  readonly first: readonly number[];
  readonly last: readonly number[];
}

const MAX_POSITIONS = 256;

/** Thrown where no useful bound can be given. */
class Unbounded extends Error {}

/** The cost of matching, or null when it is not bounded well: loops with choices inside, very large patterns. */
export function regexCost(root: RegexNode): RegexCost | null {
  try {
    const automaton = new Automaton();
    const whole = automaton.build(root, 'none');
    let { factor, looseLoops } = { factor: choices(automaton.positions, whole.first), looseLoops: 0 };
    for (const position of automaton.positions) {
      const paths = choices(automaton.positions, [...position.follow]);
      if (paths === 1) continue;
      if (position.loop === 'body') return null;
      if (position.loop === 'single') looseLoops++;
      else factor *= paths;
    }
    return { factor, looseLoops };
  } catch (error) {
    if (error instanceof Unbounded) return null;
    throw error;
  }
}

/** How many of these positions one character can lead to, at most (1 where it never leaves a choice). */
function choices(positions: readonly Position[], next: readonly number[]): number {
  let most = 1;
  for (const one of next) {
    const same = next.filter((other) => overlaps(positions[one].set, positions[other].set)).length;
    most = Math.max(most, same);
  }
  return most;
}

/** The positions of a pattern and what can follow each (Glushkov's construction). */
class Automaton {
  readonly positions: Position[] = [];

  build(node: RegexNode, loop: Loop): Part {
    switch (node.type) {
      case 'set': {
        if (this.positions.length >= MAX_POSITIONS) throw new Unbounded();
        const at = this.positions.push({ set: node.set, loop, follow: new Set() }) - 1;
        return { nullable: false, first: [at], last: [at] };
      }
      case 'group':
        return this.build(node.item, loop);
      case 'choice':
        return this.choice(node.options, loop);
      case 'sequence':
        return node.items.map((item) => this.build(item, loop)).reduce((a, b) => this.chain(a, b), EMPTY);
      case 'repeat':
        return this.repeat(node, loop);
    }
  }

  private choice(options: readonly RegexNode[], loop: Loop): Part {
    const parts = options.map((option) => this.build(option, loop));
    // Two ways to match nothing are a choice that the positions do not show.
    if (parts.filter((part) => part.nullable).length > 1) throw new Unbounded();
    return {
      nullable: parts.some((part) => part.nullable),
      first: parts.flatMap((part) => part.first),
      last: parts.flatMap((part) => part.last),
    };
  }

  private chain(a: Part, b: Part): Part {
    this.link(a.last, b.first);
    return {
      nullable: a.nullable && b.nullable,
      first: a.nullable ? [...a.first, ...b.first] : a.first,
      last: b.nullable ? [...a.last, ...b.last] : b.last,
    };
  }

  private link(from: readonly number[], to: readonly number[]): void {
    for (const last of from)
      for (const first of to) {
        const { follow } = this.positions[last];
        // Two ways between the same positions, as in (a+)+, multiply at every character.
        if (follow.has(first)) throw new Unbounded();
        follow.add(first);
      }
  }

  private repeat({ item, min, max }: Extract<RegexNode, { type: 'repeat' }>, loop: Loop): Part {
    const unbounded = max === Infinity;
    const copies = unbounded ? Math.max(min, 1) : max;
    if (copies > MAX_POSITIONS) throw new Unbounded();
    let whole = EMPTY;
    for (let i = 0; i < copies; i++) {
      const looping = unbounded && i === copies - 1;
      // A loop inside another one, or around more than one character, must leave no choice at all.
      const inner: Loop = looping ? (loop === 'none' && isSingle(item) ? 'single' : 'body') : loop;
      const part = this.build(item, inner);
      if (part.nullable) throw new Unbounded();
      if (looping) this.link(part.last, part.first);
      whole = this.chain(whole, i < min ? part : { ...part, nullable: true });
    }
    return whole;
  }
}

const EMPTY: Part = { nullable: true, first: [], last: [] };

function isSingle(node: RegexNode): boolean {
  return node.type === 'set' || (node.type === 'group' && isSingle(node.item));
}
