import type { CDPSession, Page } from '@playwright/test';

/** What the page itself notes while it is measured. */
interface Noted {
  longTasks: number[];
  frames: number[];
  stop: boolean;
}

/** What a page did in a time. */
export interface Measured {
  readonly seconds: number;
  /** Share of one core that the page's main thread was busy. */
  readonly mainShare: number;
  /** Of it: scripts, layout and styles. */
  readonly scriptShare: number;
  readonly layoutShare: number;
  /** Tasks of more than 50 ms, milliseconds each. */
  readonly longTasks: readonly number[];
  /** Frames there were, and how many the display would have shown besides at 60 a second. */
  readonly frames: number;
  readonly dropped: number;
}

const FRAME = 1000 / 60;

/** Measures a page through the browser's own counters. Rastering in software happens in other threads and is not in it. */
export class Meter {
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  static async of(page: Page): Promise<Meter> {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    await session.send('HeapProfiler.enable');
    return new Meter(page, session);
  }

  /** Measures while something is done. */
  async during(action: () => Promise<void>): Promise<Measured> {
    await this.#page.evaluate(() => {
      const noted: Noted = { longTasks: [], frames: [], stop: false };
      (window as unknown as { noted: Noted }).noted = noted;
      const observer = new PerformanceObserver((list) => {
        if (!noted.stop) noted.longTasks.push(...list.getEntries().map(({ duration }) => duration));
      });
      observer.observe({ type: 'longtask' });
      const frame = (time: number): void => {
        noted.frames.push(time);
        if (!noted.stop) requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    const before = await this.#counters();
    const started = performance.now();
    await action();
    const seconds = (performance.now() - started) / 1000;
    const after = await this.#counters();
    const { longTasks, frames } = await this.#page.evaluate(() => {
      const { noted } = window as unknown as { noted: Noted };
      noted.stop = true;
      return noted;
    });
    const share = (name: string): number => ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / seconds;
    const dropped = frames
      .slice(1)
      .reduce((sum, time, i) => sum + Math.max(0, Math.round((time - frames[i]) / FRAME) - 1), 0);
    return {
      seconds,
      mainShare: share('TaskDuration'),
      scriptShare: share('ScriptDuration'),
      layoutShare: share('LayoutDuration') + share('RecalcStyleDuration'),
      longTasks,
      frames: frames.length,
      dropped,
    };
  }

  /** Bytes of the page's heap that are in use, after everything dead was collected. */
  async heap(): Promise<number> {
    await this.#session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.#session.send('Runtime.getHeapUsage');
    return usedSize;
  }

  async #counters(): Promise<ReadonlyMap<string, number>> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value]));
  }
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(7);

/** One line of the report. */
export function line(name: string, measured: Measured): string {
  const { mainShare, scriptShare, layoutShare, longTasks, frames, dropped } = measured;
  const worst = longTasks.length === 0 ? '' : `, worst ${Math.max(...longTasks).toFixed(0)} ms`;
  return `${name.padEnd(26)} main ${percent(mainShare)}  script ${percent(scriptShare)}  layout ${percent(layoutShare)}  frames ${String(frames).padStart(5)}  dropped ${percent(dropped / Math.max(1, frames + dropped))}  long tasks ${longTasks.length}${worst}`;
}
