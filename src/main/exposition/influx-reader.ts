import { isUtf8 } from 'node:buffer';
import { isLegacyLabelName, type Labels } from '#shared/model/index.ts';
import type { ParsedBody } from './body.ts';
import { ExpositionError, LineError } from './error.ts';
import { parsePoint, parseSeries, pointEnd, type InfluxSeries } from './influx-line.ts';
import { legacyLabelName, legacyMetricName } from './legacy-name.ts';
import type { BodyReader } from './reader.ts';
import { RowColumns } from './row-columns.ts';
import { unixMillis } from './value-time.ts';

interface KnownSeries {
  readonly series: InfluxSeries;
  readonly handles: Map<string, number>;
}

/**
 * Reads Influx's line protocol. A field is the series `measurement_field` with the tags as labels; one that is called
 * `value` is `measurement` alone. Numbers and truths are samples, texts are not.
 */
export class InfluxReader implements BodyReader {
  readonly #columns = new RowColumns();
  readonly #legacyNames: boolean;
  readonly #known = new Map<string, KnownSeries>();

  /** @param legacyNames names get underscores for what the old naming scheme forbids */
  constructor(legacyNames: boolean) {
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
    let line = 1;
    try {
      if (!isUtf8(body)) throw new LineError('the body is not UTF-8');
      const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
      for (let at = 0; at < text.length;) {
        while (text[at] === ' ' || text[at] === '\t' || text[at] === '\r') at++;
        const comment = text[at] === '#';
        const end = comment ? lineEnd(text, at) : pointEnd(text, at);
        const point = text[end - 1] === '\r' ? text.slice(at, end - 1) : text.slice(at, end);
        if (!comment && point !== '') this.#point(point);
        for (let i = text.indexOf('\n', at); i >= 0 && i <= end; i = text.indexOf('\n', i + 1)) line++;
        at = end + 1;
      }
      return columns.finish();
    } catch (error) {
      if (error instanceof LineError) throw new ExpositionError(line, columns.count, error.message);
      // What a line of many megabytes leads to.
      if (error instanceof RangeError) throw new ExpositionError(line, columns.count, 'the line is too long');
      throw error;
    }
  }

  #point(text: string): void {
    const { series, fields, time } = parsePoint(text);
    let known = this.#known.get(series);
    if (known === undefined) {
      known = { series: parseSeries(series), handles: new Map() };
      this.#known.set(series, known);
    }
    const millis = unixMillis(time);
    for (const [field, value] of fields) {
      if (value === null) continue;
      let handle = known.handles.get(field);
      if (handle === undefined) {
        handle = this.#handleOf(known.series, field);
        known.handles.set(field, handle);
      }
      this.#columns.add(handle, value, millis);
    }
  }

  #handleOf({ measurement, tags }: InfluxSeries, field: string): number {
    const name = field === 'value' ? measurement : `${measurement}_${field}`;
    if (!this.#legacyNames) return this.#columns.handleOf(name, tags);
    return this.#columns.handleOf(
      legacyMetricName(name),
      tags.map(([tag, value]) => [isLegacyLabelName(tag) ? tag : legacyLabelName(tag), value]),
    );
  }
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}
