import { copyColumns, Layout, MODE_CHANGE, NO_EFFECT, SAMPLE_LINE, type Columns } from './layout.ts';
import { LF } from './line.ts';
import type { LineRunner, Reading } from './line-runner.ts';
import { SimpleTail } from './number.ts';

/** Lines from which on the layout is not kept after a body. */
const MAX_KEPT_LINES = 1 << 17;

const simple = new SimpleTail();

/** The oracle of the others. Compares four bytes at a time: an aligned array could not be laid over texts that have moved by a byte. */
export class PlainRunner implements LineRunner {
  fresh = new Layout(4096);
  #view: DataView = NO_VIEW;
  #oldView: DataView = NO_VIEW;

  begin({ body, oldBody }: Reading): boolean {
    this.#view = new DataView(body.buffer, body.byteOffset, body.length);
    this.#oldView = new DataView(oldBody.buffer, oldBody.byteOffset, oldBody.length);
    if (this.fresh.kind.length > MAX_KEPT_LINES) this.fresh = new Layout(4096);
    return true;
  }

  /** Makes room for more lines. */
  grow(): void {
    this.fresh.grow();
  }

  /** Goes on where another runner has no more room. */
  takeOver(columns: Columns, reading: Reading): void {
    while (this.fresh.kind.length <= reading.line) this.fresh.grow();
    copyColumns(columns, this.fresh, reading.line, reading.samples);
    this.begin(reading);
  }

  run(reading: Reading): void {
    const { body, size, oldBody, old, openMetrics, metadataLabels } = reading;
    const { start, seriesEnd: seriesEnds, first, kind: kinds, mode: modes, series, values, times } = this.fresh;
    const room = kinds.length;
    const oldLines = old.lines;
    const oldView = this.#oldView;
    const view = this.#view;
    let { at, line: n, samples, cursor, mode, moved, timed } = reading;
    let ended = false;
    reading.tail = -1;
    while (at < size && cursor < oldLines && n < room && !ended) {
      const oldStart = old.start[cursor];
      const oldEnd = old.start[cursor + 1] - 1;
      const stop = oldEnd - oldStart > size - at ? oldStart + size - at : oldEnd;
      let s = oldStart;
      let p = at;
      while (s + 4 <= stop && oldView.getInt32(s) === view.getInt32(p)) {
        s += 4;
        p += 4;
      }
      while (s < stop && oldBody[s] === body[p]) {
        s++;
        p++;
      }
      const kind = old.kind[cursor];
      let end = p;
      if (s === oldEnd && (p === size || body[p] === LF)) {
        if (kind === SAMPLE_LINE) {
          if (old.mode[cursor] !== mode) break;
          const sample = old.first[cursor];
          if (sample !== samples) moved = true;
          series[samples] = old.series[sample];
          values[samples] = old.values[sample];
          const time = old.timed ? old.times[sample] : NaN;
          times[samples] = time;
          if (time === time) timed = true;
          seriesEnds[n] = at + old.seriesEnd[cursor] - oldStart;
        } else {
          if (kind !== NO_EFFECT && metadataLabels) break;
          if (kind === MODE_CHANGE) mode = old.mode[cursor];
          else if (openMetrics && p - at === 5 && body[at + 2] === 0x45) ended = true;
        }
      } else {
        if (kind !== SAMPLE_LINE || s <= old.seriesEnd[cursor] || old.mode[cursor] !== mode) break;
        // The series text and the blank after it are the same: only the rest of the line is new.
        const seriesEnd = at + old.seriesEnd[cursor] - oldStart;
        end = simple.read(body, seriesEnd, size);
        if (end === -1) {
          reading.tail = seriesEnd;
          break;
        }
        const sample = old.first[cursor];
        if (sample !== samples) moved = true;
        series[samples] = old.series[sample];
        values[samples] = simple.value;
        times[samples] = NaN;
        seriesEnds[n] = seriesEnd;
      }
      start[n] = at;
      first[n] = samples;
      kinds[n] = kind;
      modes[n] = mode;
      if (kind === SAMPLE_LINE) samples++;
      n++;
      cursor++;
      at = end + 1;
    }
    reading.at = at;
    reading.line = n;
    reading.samples = samples;
    reading.cursor = cursor;
    reading.mode = mode;
    reading.moved = moved;
    reading.timed = timed;
    reading.ended = ended;
  }
}

const NO_VIEW: DataView = new DataView(new ArrayBuffer(0));
