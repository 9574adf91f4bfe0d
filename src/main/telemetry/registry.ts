/** Pairs of label names and values in the order in which they are written. */
export type MetricLabels = Readonly<Record<string, string>>;

export type InstrumentType = 'counter' | 'gauge' | 'histogram';

interface Family {
  readonly name: string;
  readonly type: InstrumentType;
  readonly help: string;
  /** Writes its series. */
  readonly write: (out: ExpositionWriter) => void;
}

export interface Counter {
  inc(by?: number, labels?: MetricLabels): void;
}

export interface Gauge {
  set(value: number, labels?: MetricLabels): void;
}

export interface HistogramInstrument {
  observe(value: number): void;
}

/** Collects text exposition lines: what `/metrics` answers and what built-in targets are read from. */
export class ExpositionWriter {
  #text = '';

  family(name: string, type: InstrumentType | 'untyped', help: string): void {
    this.#text += `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
  }

  sample(name: string, value: number, labels?: MetricLabels): void {
    this.#text += `${name}${labels === undefined ? '' : braces(labels)} ${number(value)}\n`;
  }

  toString(): string {
    return this.#text;
  }
}

/**
 * Hearth's own metrics. Names are registered once; values are read when rendered. A `collect` function writes families
 * whose values live elsewhere.
 */
export class Registry {
  readonly #families = new Map<string, Family>();
  readonly #collectors: ((out: ExpositionWriter) => void)[] = [];

  counter(name: string, help: string): Counter {
    const values = this.#valued(name, 'counter', help);
    return {
      inc(by = 1, labels) {
        const key = labels === undefined ? '' : braces(labels);
        values.set(key, (values.get(key) ?? 0) + by);
      },
    };
  }

  gauge(name: string, help: string): Gauge {
    const values = this.#valued(name, 'gauge', help);
    return {
      set(value, labels) {
        values.set(labels === undefined ? '' : braces(labels), value);
      },
    };
  }

  /** A counter or gauge of one series that is read when asked. */
  read(name: string, type: 'counter' | 'gauge', help: string, value: () => number): void {
    this.#add({ name, type, help, write: (out) => out.sample(name, value()) });
  }

  /** @param bounds upper bounds, ascending, without +Inf */
  histogram(name: string, help: string, bounds: readonly number[]): HistogramInstrument {
    const counts = Array.from({ length: bounds.length + 1 }, () => 0);
    let sum = 0;
    this.#add({
      name,
      type: 'histogram',
      help,
      write(out) {
        let below = 0;
        for (const [i, bound] of [...bounds, Infinity].entries()) {
          below += counts[i];
          out.sample(`${name}_bucket`, below, { le: bound === Infinity ? '+Inf' : String(bound) });
        }
        out.sample(`${name}_sum`, sum);
        out.sample(`${name}_count`, below);
      },
    });
    return {
      observe(value) {
        let i = 0;
        while (i < bounds.length && value > bounds[i]) i++;
        counts[i]++;
        sum += value;
      },
    };
  }

  /** Adds a function that writes whole families each time the registry is rendered. */
  collect(write: (out: ExpositionWriter) => void): void {
    this.#collectors.push(write);
  }

  /** Everything in the classic text format. */
  render(): string {
    const out = new ExpositionWriter();
    for (const { name, type, help, write } of this.#families.values()) {
      out.family(name, type, help);
      write(out);
    }
    for (const write of this.#collectors) write(out);
    return out.toString();
  }

  #valued(name: string, type: 'counter' | 'gauge', help: string): Map<string, number> {
    const values = new Map<string, number>();
    this.#add({
      name,
      type,
      help,
      write(out) {
        if (values.size === 0 && type === 'counter') out.sample(name, 0);
        for (const [key, value] of values) out.sample(name + key, value);
      },
    });
    return values;
  }

  #add(family: Family): void {
    if (this.#families.has(family.name)) throw new Error(`metric ${family.name} is registered twice`);
    this.#families.set(family.name, family);
  }
}

function braces(labels: MetricLabels): string {
  let text = '';
  for (const name in labels) text += `${text === '' ? '' : ','}${name}="${escape(labels[name])}"`;
  return text === '' ? '' : `{${text}}`;
}

function escape(value: string): string {
  if (!/[\\"\n]/.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function number(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}
