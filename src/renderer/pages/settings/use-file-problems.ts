import { useEffect, useState } from 'react';
import type { ConfigProblem, ConfigView } from '#shared/contract/index.ts';
import { useCore } from '#renderer/data/index.ts';

/** After this long without a keystroke the text is checked. */
const CHECK_AFTER_MILLIS = 300;

/**
 * Problems of the configuration's text: of what was typed and is not saved (null: nothing), asked for while typing, else
 * those that the core tells of the file as it is.
 */
export function useFileProblems(view: ConfigView, typed: string | null): readonly ConfigProblem[] {
  const core = useCore();
  const [checked, setChecked] = useState<{ readonly text: string; readonly problems: readonly ConfigProblem[] } | null>(
    null,
  );
  useEffect(() => {
    if (typed === null) return;
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      core.request('config.check', { text: typed }, { signal: controller.signal }).then(
        ({ problems }) => setChecked({ text: typed, problems }),
        // Not being able to check is no reason to disturb who types; saving tells.
        () => undefined,
      );
    }, CHECK_AFTER_MILLIS);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [core, typed]);
  if (typed === null) return view.problems;
  // Until the new text is checked the old marks stay: they rarely are all gone at once.
  return checked?.problems ?? [];
}
