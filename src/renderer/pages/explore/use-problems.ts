import { useEffect, useMemo, useState } from 'react';
import type { TextProblem } from '../../editor/index.ts';
import { annotationsOf } from './annotations.ts';
import { checkQuery } from './query-check.ts';
import type { QueryRow } from './query-list.ts';
import type { Run } from './use-runs.ts';

/** Marks appear when typing pauses this long: half a word is no mistake yet. */
const CHECK_AFTER_MILLIS = 1200;
const NONE: readonly TextProblem[] = [];

/**
 * What is wrong with a query as it is typed, else what the engine said about it as it ran. A remark holds for the text that
 * ran; typing takes it away.
 */
export function useProblems(row: QueryRow, run: Run | undefined): readonly TextProblem[] {
  const [checked, setChecked] = useState<{ readonly text: string; readonly problems: readonly TextProblem[] }>({
    text: '',
    problems: NONE,
  });
  const { text, ran } = row;
  const isRun = text.trim() === ran;
  useEffect(() => {
    const timer = window.setTimeout(
      () => setChecked({ text, problems: checkQuery(text) }),
      isRun ? 0 : CHECK_AFTER_MILLIS,
    );
    return () => window.clearTimeout(timer);
  }, [text, isRun]);
  const remarks = useMemo(() => (isRun && run !== undefined ? remarksOf(text, run) : NONE), [isRun, text, run]);
  if (checked.text === text && checked.problems.length > 0) return checked.problems;
  return remarks;
}

function remarksOf(text: string, { error, result, answered }: Run): readonly TextProblem[] {
  // Spaces before what ran move the places.
  const lead = text.length - text.trimStart().length;
  const moved = (problem: TextProblem): TextProblem => ({
    ...problem,
    from: problem.from + lead,
    to: problem.to + lead,
  });
  if (error !== null) {
    if (error.kind !== 'query-parse') return NONE;
    // Its place is shown by the mark; the text starts with it as Prometheus writes it.
    const message = error.message.replace(/^\d+:\d+: (?:parse error: )?/, '');
    return [moved({ from: error.from, to: error.to, message, severity: 'error' })];
  }
  if (result === null || answered?.expr !== text.trim()) return NONE;
  return annotationsOf(text.trim(), result).map(moved);
}
