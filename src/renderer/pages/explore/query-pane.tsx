import { Button } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBraces,
  IconEye,
  IconEyeOff,
  IconInfoCircle,
  IconPlus,
  IconX,
} from '@tabler/icons-react';
import { Suspense, useCallback, useMemo } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { formatDuration } from '#shared/model/index.ts';
import { IconButton, KeyCap, modKey, useFormat } from '#renderer/ui/index.ts';
import { ALL_PARSER_OPTIONS, format, parseExpr, PromqlParseError, type AggregateOp } from '#shared/promql/index.ts';
import { PromqlEditor, type CompletionWords, type EditorHandle, type Vocabulary } from '../../editor/index.ts';
import styles from './explore.module.css';
import { HistoryButton } from './history-button.tsx';
import { placeOf } from './query-check.ts';
import { changeRow, newRow, removeRow, type QueryRow } from './query-list.ts';
import type { History } from './use-history.ts';
import { useProblems } from './use-problems.ts';
import type { Runs } from './use-runs.ts';
import type { TimeRange } from './use-time-range.ts';

interface QueryPaneProps {
  readonly rows: readonly QueryRow[];
  readonly setRows: (change: (rows: readonly QueryRow[]) => readonly QueryRow[]) => void;
  readonly onRun: () => void;
  readonly onReplace: (text: string) => void;
  readonly history: History;
  readonly vocabulary: Vocabulary;
  /** The editors by their row's letter: filled here, used by whoever inserts. */
  readonly editors: Map<string, EditorHandle>;
  readonly onFocus: (id: string) => void;
  readonly runs: Runs;
  readonly range: TimeRange;
}

/** The queries, each with its letter, and what can be done with them. */
export function QueryPane(props: QueryPaneProps) {
  const { t } = useTranslation('explore');
  const { rows, setRows } = props;
  const add = (): void =>
    setRows((current) => {
      const row = newRow(current);
      return row === null ? current : [...current, row];
    });
  const formatAll = (): void => setRows((current) => current.map((row) => ({ ...row, text: formatted(row.text) })));
  return (
    <section className={styles.queries} aria-label={t('query.title')}>
      {rows.map((row, i) => (
        <QueryLine key={row.id} {...props} row={row} first={i === 0} only={rows.length === 1} />
      ))}
      <div className={styles.queryTools}>
        <Button variant="subtle" color="gray" leftSection={<IconPlus size={14} stroke={1.6} />} onClick={add}>
          {t('query.add')}
        </Button>
        <HistoryButton history={props.history} onChoose={props.onReplace} />
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconBraces size={14} stroke={1.6} />}
          disabled={rows.every((row) => row.text.trim() === '')}
          onClick={formatAll}
        >
          {t('query.format')}
        </Button>
        <span className={styles.space} />
        <RangeText range={props.range} />
      </div>
    </section>
  );
}

/** Numbers in it stand out. */
const RANGE_TEXT = 'run.range';

/** Lines under a query at most. */
const MOST_PROBLEMS = 3;

/** The step and the range of the results, in numbers. */
function RangeText({ range: { start, end, step } }: { readonly range: TimeRange }) {
  const { t } = useTranslation('explore');
  const format = useFormat();
  const style = end - start > 86_400_000 ? 'date-time' : 'clock';
  return (
    <span className={styles.rangeText}>
      <Trans
        t={t}
        i18nKey={RANGE_TEXT}
        values={{ step: formatDuration(step), from: format.time(start, style), to: format.time(end, style) }}
        components={{ b: <b /> }}
      />
    </span>
  );
}

/** The query laid out over lines; as it is when it does not parse. */
function formatted(text: string): string {
  try {
    return text.trim() === '' ? text : format(parseExpr(text, ALL_PARSER_OPTIONS));
  } catch (error) {
    if (error instanceof PromqlParseError) return text;
    throw error;
  }
}

interface QueryLineProps extends QueryPaneProps {
  readonly row: QueryRow;
  readonly first: boolean;
  readonly only: boolean;
}

function QueryLine({ row, first, only, setRows, onRun, vocabulary, editors, onFocus, runs }: QueryLineProps) {
  const { t } = useTranslation('explore');
  const problems = useProblems(row, runs.byId.get(row.id));
  const wrong = problems.some(({ severity }) => severity === 'error');
  const words = useMemo(
    (): CompletionWords => ({
      metrics: t('complete.metrics'),
      functions: t('complete.functions'),
      labels: t('complete.labels'),
      values: t('complete.values'),
      type: t('complete.type'),
      unit: t('complete.unit'),
      series: t('complete.series'),
      labelsRow: t('complete.labelsRow'),
      noHelp: t('complete.noHelp'),
      gaugeInRate: t('complete.gaugeInRate'),
      experimental: t('complete.experimental'),
      experimentalMark: t('complete.experimentalMark'),
      aggregation: (name) => t(`aggregation.${name as AggregateOp}`),
    }),
    [t],
  );
  const { id } = row;
  const onReady = useCallback(
    (editor: EditorHandle | null) => {
      if (editor === null) editors.delete(id);
      else editors.set(id, editor);
    },
    [editors, id],
  );
  return (
    <div className={styles.query} onFocusCapture={() => onFocus(id)}>
      <button
        type="button"
        className={styles.letter}
        data-off={!row.shown || undefined}
        aria-pressed={row.shown}
        aria-label={row.shown ? t('query.hide', { id }) : t('query.show', { id })}
        title={row.shown ? t('query.hide', { id }) : t('query.show', { id })}
        onClick={() => setRows((rows) => changeRow(rows, id, { shown: !row.shown }))}
      >
        {id}
      </button>
      <div className={styles.queryBox} data-wrong={wrong || undefined}>
        <Suspense fallback={<pre className={styles.queryFallback}>{row.text}</pre>}>
          <PromqlEditor
            value={row.text}
            onChange={(text) => setRows((rows) => changeRow(rows, id, { text }))}
            onRun={onRun}
            vocabulary={vocabulary}
            words={words}
            problems={problems}
            label={t('query.label', { id })}
            placeholder={t('query.placeholder')}
            autoFocus={first || row.text === ''}
            onReady={onReady}
          />
        </Suspense>
      </div>
      {!only && (
        <>
          <IconButton
            label={row.shown ? t('query.hide', { id }) : t('query.show', { id })}
            onClick={() => setRows((rows) => changeRow(rows, id, { shown: !row.shown }))}
          >
            {row.shown ? <IconEye size={14} stroke={1.6} /> : <IconEyeOff size={14} stroke={1.6} />}
          </IconButton>
          <IconButton label={t('query.remove', { id })} onClick={() => setRows((rows) => removeRow(rows, id))}>
            <IconX size={14} stroke={1.6} />
          </IconButton>
        </>
      )}
      {first && (
        <Button variant="filled" className={styles.run} rightSection={<KeyCap>{modKey('↵')}</KeyCap>} onClick={onRun}>
          {t('query.run')}
        </Button>
      )}
      {problems.slice(0, MOST_PROBLEMS).map((problem) => (
        <p
          key={`${problem.from} ${problem.message}`}
          className={styles.problem}
          data-severity={problem.severity}
          role={problem.severity === 'error' ? 'alert' : 'status'}
        >
          <ProblemMark severity={problem.severity} />
          {problem.to > 0
            ? t('query.problemAt', { message: problem.message, place: placeOf(row.text, problem) })
            : problem.message}
        </p>
      ))}
    </div>
  );
}

const MARKS = { error: IconAlertTriangle, warning: IconAlertTriangle, info: IconInfoCircle } as const;

function ProblemMark({ severity }: { readonly severity: keyof typeof MARKS }) {
  const Mark = MARKS[severity];
  return <Mark size={14} stroke={1.6} aria-hidden />;
}
