import { isUtf8 } from 'node:buffer';
import type { JsonRule } from '#shared/contract/index.ts';
import { isLegacyLabelName, type Labels } from '#shared/model/index.ts';
import type { ParsedBody } from './body.ts';
import { ExpositionError, LineError } from './error.ts';
import { compileRule, mappedSamples, type JsonMapping } from './json-mapping.ts';
import { recognizedSamples, type JsonSample } from './json-shape.ts';
import { legacyMetricName, legacyLabelName } from './legacy-name.ts';
import type { BodyReader } from './reader.ts';
import { RowColumns } from './row-columns.ts';

/** Reads JSON: by the job's rules, or one of the forms that need none. */
export class JsonReader implements BodyReader {
  readonly #mappings: readonly JsonMapping[];
  readonly #legacyNames: boolean;
  readonly #columns = new RowColumns();

  /** @param legacyNames names get underscores for what the old naming scheme forbids */
  constructor(rules: readonly JsonRule[], legacyNames: boolean) {
    this.#mappings = rules.map(compileRule);
    this.#legacyNames = legacyNames;
  }

  get handles(): number {
    return this.#columns.handles;
  }

  labelsOf(sample: number): Labels {
    return this.#columns.labelsOf(sample);
  }

  read(body: Uint8Array): ParsedBody {
    const columns = this.#columns;
    columns.begin();
    try {
      const document = parseJson(body);
      if (this.#mappings.length === 0) for (const sample of recognizedSamples(document)) this.#add(sample);
      for (const mapping of this.#mappings) for (const sample of mappedSamples(mapping, document)) this.#add(sample);
      return columns.finish();
    } catch (error) {
      if (error instanceof ExpositionError) throw error;
      if (error instanceof LineError) throw new ExpositionError(0, columns.count, error.message);
      throw error;
    }
  }

  #add({ name, labels, value, time, type, help, unit }: JsonSample): void {
    const legacy = this.#legacyNames;
    const family = legacy ? legacyMetricName(name) : name;
    const handle = this.#columns.handleOf(
      family,
      legacy
        ? labels.map(([label, text]) => [isLegacyLabelName(label) ? label : legacyLabelName(label), text])
        : labels,
    );
    this.#columns.add(handle, value, time);
    if (type !== 'unknown' || help !== '' || unit !== '') this.#columns.describe({ family, type, help, unit });
  }
}

function parseJson(body: Uint8Array): unknown {
  if (!isUtf8(body)) throw new LineError('the body is not UTF-8');
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const line = /\(line (\d+) column \d+\)/.exec(error.message)?.[1];
    throw new ExpositionError(line === undefined ? 1 : Number(line), 0, `not valid JSON: ${error.message}`);
  }
}
