import type { PageView } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';

/** Looked at again this often; charts move no more often than that. */
const REBUILD_EVERY: Millis = 30_000;
/** While a target is new its series come in quick succession. */
const REBUILD_NEW: Millis = 2000;
const NEW_FOR: Millis = 20_000;

export interface PageTopicEffects {
  now(): Millis;
  schedule(millis: Millis, action: () => void): () => void;
  /** The page as of now; its version is not looked at. @throws HearthError when the target is gone */
  build(): PageView;
  /** Calls back after each scrape of the target. */
  onScrape(listener: () => void): () => void;
}

/** What makes a page another one: facts' values may change without a new version. */
function shapeOf(page: PageView): string {
  return JSON.stringify([page.charts, page.facts]);
}

/** Sends the page of a target at once and whenever charts come or go. @returns ends it */
export function startPage(
  effects: PageTopicEffects,
  emit: (page: PageView) => void,
  fail: (error: unknown) => void,
): () => void {
  const started = effects.now();
  let shape = '';
  let version = 0;
  let built = 0;
  let empty = true;
  let cancel = (): void => {};
  let stopped = false;

  const stop = (): void => {
    stopped = true;
    cancel();
    unsubscribe();
  };

  const build = (): void => {
    if (stopped) return;
    try {
      const page = effects.build();
      built = effects.now();
      empty = page.charts.length === 0;
      const next = shapeOf(page);
      if (next !== shape || version === 0) {
        shape = next;
        version++;
        emit({ ...page, version });
      }
    } catch (error) {
      stop();
      fail(error);
      return;
    }
    cancel();
    cancel = effects.schedule(REBUILD_EVERY, build);
  };

  const unsubscribe = effects.onScrape(() => {
    const now = effects.now();
    const young = now - started < NEW_FOR && now - built >= REBUILD_NEW;
    if (empty || young) build();
  });
  build();
  return stop;
}
