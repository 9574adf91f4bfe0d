import { useCallback, useRef, useState } from 'react';
import { HearthError, type DiscoverView, type ErrorDetail } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import type { JobKey } from './editing-store.ts';
import { formOfDraft, type JobDraft } from './job-draft.ts';

export type Look =
  | { readonly kind: 'none' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'done'; readonly view: DiscoverView }
  | { readonly kind: 'failed'; readonly error: ErrorDetail };

/** Looks for the targets of a draft; nothing of it is saved or scraped. */
export function useLook(key: JobKey): { readonly look: Look; readonly run: (draft: JobDraft) => void } {
  const core = useCore();
  const [state, setState] = useState<{ readonly of: JobKey; readonly look: Look }>({ of: key, look: { kind: 'none' } });
  const running = useRef<AbortController | null>(null);
  const run = useCallback(
    (draft: JobDraft) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      const show = (look: Look): void => {
        if (!controller.signal.aborted) setState({ of: key, look });
      };
      show({ kind: 'looking' });
      // Secrets that are kept belong to the job under the name it has in the file.
      const form = { ...formOfDraft(draft), ...(key === null ? {} : { jobName: key }) };
      core.request('targets.discover', { form }, { signal: controller.signal }).then(
        (view) => show({ kind: 'done', view }),
        (error: unknown) => {
          show({ kind: 'failed', error: errorDetail(error) });
          if (!(error instanceof HearthError)) throw error;
        },
      );
    },
    [core, key],
  );
  return { look: state.of === key ? state.look : { kind: 'none' }, run };
}
