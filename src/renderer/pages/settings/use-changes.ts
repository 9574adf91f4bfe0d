import { useEffect, useMemo, useState } from 'react';
import { HearthError, type ConfigEdit, type ErrorDetail, type MethodResults } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';

/** After this long without a keystroke the difference is asked for. */
const AFTER_MILLIS = 200;

export type Changes =
  | { readonly kind: 'asking' }
  | { readonly kind: 'known'; readonly preview: MethodResults['config.preview'] }
  | { readonly kind: 'failed'; readonly error: ErrorDetail };

const ASKING: Changes = { kind: 'asking' };

/** What an edit would make of the files, asked for while it is typed; null asks nothing. */
export function useChanges(version: string, edit: ConfigEdit | null): Changes {
  const core = useCore();
  const [changes, setChanges] = useState<Changes>(ASKING);
  // An edit is made anew with each render: it is the same as long as it says the same.
  const said = edit === null ? null : JSON.stringify(edit);
  const edits = useMemo(() => (said === null ? null : [JSON.parse(said) as ConfigEdit]), [said]);
  useEffect(() => {
    if (edits === null) return;
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      core.request('config.preview', { baseVersion: version, edits }, { signal: controller.signal }).then(
        (preview) => setChanges({ kind: 'known', preview }),
        (error: unknown) => {
          // What comes next asks again: a newer text of the draft, or a newer version of the file.
          if (error instanceof HearthError && ['canceled', 'config-conflict'].includes(error.detail.kind)) return;
          setChanges({ kind: 'failed', error: errorDetail(error) });
        },
      );
    }, AFTER_MILLIS);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [core, version, edits]);
  return changes;
}
