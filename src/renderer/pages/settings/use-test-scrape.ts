import { useCallback, useMemo } from 'react';
import { create } from 'zustand';
import type { ErrorDetail, TestScrapeView } from '#shared/contract/index.ts';
import type { Millis } from '#shared/model/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { readClock } from '#renderer/ui/index.ts';
import type { JobKey } from './editing-store.ts';
import { formOfDraft, type JobDraft } from './job-draft.ts';
import type { TestedRules } from './rule-effects.ts';

export type TestState =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly target: string; readonly last: TestScrapeView | null }
  | {
      readonly kind: 'done';
      readonly target: string;
      readonly result: TestScrapeView;
      readonly at: Millis;
      readonly tested: TestedRules;
    }
  | { readonly kind: 'failed'; readonly error: ErrorDetail };

interface TestStates {
  readonly byJob: ReadonlyMap<JobKey, TestState>;
  readonly set: (key: JobKey, state: TestState) => void;
}

/** Results by job: they stay when another job is looked at, and go with the window. */
const useTests = create<TestStates>()((set) => ({
  byJob: new Map(),
  set: (key, state) => set(({ byJob }) => ({ byJob: new Map(byJob).set(key, state) })),
}));

const NONE: TestState = { kind: 'none' };
/** The last test of each job that was started: an older one that answers late is not shown. */
const running = new Map<JobKey, AbortController>();

export interface TestScrape {
  readonly state: TestState;
  /** Scrapes once what the draft says and stores nothing; without an address the first target. */
  readonly run: (draft: JobDraft, address?: string) => void;
  readonly clear: () => void;
}

export function useTestScrape(key: JobKey): TestScrape {
  const core = useCore();
  const state = useTests((tests) => tests.byJob.get(key) ?? NONE);
  const run = useCallback(
    (draft: JobDraft, address?: string) => {
      const form = formOfDraft(draft);
      const target = address ?? form.targets[0] ?? '';
      if (target === '') return;
      const { byJob, set } = useTests.getState();
      running.get(key)?.abort();
      const controller = new AbortController();
      running.set(key, controller);
      const before = byJob.get(key);
      set(key, { kind: 'running', target, last: before?.kind === 'done' ? before.result : null });
      // Secrets that are kept belong to the job under the name it has in the file.
      const named = key === null ? form : { ...form, jobName: key };
      const { relabelRules, metricRelabelRules } = form;
      const rules = { relabelRules, metricRelabelRules };
      const show = (state: TestState): void => {
        if (!controller.signal.aborted) set(key, state);
      };
      core.request('targets.testScrape', { form: named, target }, { signal: controller.signal }).then(
        (result) => show({ kind: 'done', target, result, at: readClock(), tested: { ...rules, result } }),
        (error: unknown) => show({ kind: 'failed', error: errorDetail(error) }),
      );
    },
    [core, key],
  );
  const clear = useCallback(() => {
    running.get(key)?.abort();
    useTests.getState().set(key, NONE);
  }, [key]);
  return useMemo(() => ({ state, run, clear }), [state, run, clear]);
}
