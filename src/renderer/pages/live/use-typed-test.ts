import { useEffect, useState } from 'react';
import type { ErrorDetail, JobForm, TestScrapeView } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';

/** Typing pauses this long before the address is tried, milliseconds. */
const AFTER_TYPING = 300;

export type TypedTest =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly result: TestScrapeView }
  | { readonly kind: 'failed'; readonly error: ErrorDetail };

const IDLE: TypedTest = { kind: 'idle' };

/** Tries a form's first target while it is typed; nothing is stored. A newer text stops the test of an older one. */
export function useTypedTest(form: JobForm | null): TypedTest {
  const core = useCore();
  const [state, setState] = useState<{ readonly key: string; readonly test: TypedTest }>({ key: '', test: IDLE });
  const key = form === null ? '' : JSON.stringify(form);
  useEffect(() => {
    if (key === '') return;
    const typed = JSON.parse(key) as JobForm;
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      setState({ key, test: { kind: 'running' } });
      core
        .request('targets.testScrape', { form: typed, target: typed.targets[0] ?? '' }, { signal: controller.signal })
        .then(
          (result) => setState({ key, test: { kind: 'done', result } }),
          (error: unknown) => {
            if (!controller.signal.aborted) setState({ key, test: { kind: 'failed', error: errorDetail(error) } });
          },
        );
    }, AFTER_TYPING);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [core, key]);
  return state.key === key ? state.test : IDLE;
}
