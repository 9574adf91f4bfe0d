import type { Millis } from '#shared/model/index.ts';
import type { TimeSpan } from './plot-model.ts';

/**
 * What all charts of a page share: where the crosshair is and what is zoomed into. Changes are told once a frame.
 * The pointer's place wins over the one set by keys.
 */
export class SharedView {
  #hover: Millis | null = null;
  #pinned: Millis | null = null;
  #zoom: TimeSpan | null = null;
  #frame: number | null = null;
  readonly #listeners = new Set<() => void>();

  /** Null: the crosshair rests, values are the newest. */
  get crosshair(): Millis | null {
    return this.#hover ?? this.#pinned;
  }

  /** Where keys have put the crosshair. */
  get pinned(): Millis | null {
    return this.#pinned;
  }

  get zoom(): TimeSpan | null {
    return this.#zoom;
  }

  hover(time: Millis | null): void {
    if (time === this.#hover) return;
    this.#hover = time;
    this.#tell();
  }

  pin(time: Millis | null): void {
    if (time === this.#pinned) return;
    this.#pinned = time;
    this.#tell();
  }

  zoomTo(span: TimeSpan | null): void {
    if (span === this.#zoom) return;
    this.#zoom = span;
    this.#tell();
  }

  /** Back to the newest values and the whole range. */
  reset(): void {
    this.hover(null);
    this.pin(null);
    this.zoomTo(null);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #tell(): void {
    if (this.#frame !== null) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = null;
      for (const listener of this.#listeners) listener();
    });
  }
}
