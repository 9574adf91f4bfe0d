import { Button } from '@mantine/core';
import { IconBraces, IconEye, IconEyeOff, IconPlus, IconX } from '@tabler/icons-react';
import { Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton, KeyCap, modKey } from '#renderer/ui/index.ts';
import { ALL_PARSER_OPTIONS, format, parseExpr, PromqlParseError } from '#shared/promql/index.ts';
import {
  PromqlEditor,
  type CompletionWords,
  type EditorHandle,
  type TextProblem,
  type Vocabulary,
} from '../../editor/index.ts';
import styles from './explore.module.css';
import { HistoryButton } from './history-button.tsx';
import { checkQuery, placeOf } from './query-check.ts';
import { changeRow, newRow, removeRow, type QueryRow } from './query-list.ts';
import type { History } from './use-history.ts';

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
}

/** The queries, each with its letter, and what can be done with them. */
export function QueryPane(props: QueryPaneProps) {
  const { t } = useTranslation('explore');
  const { rows, setRows, onRun } = props;
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
        <Button variant="filled" rightSection={<KeyCap>{modKey('↵')}</KeyCap>} onClick={onRun}>
          {t('query.run')}
        </Button>
      </div>
    </section>
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

/** Marks appear when typing pauses this long: half a word is no mistake yet. */
const CHECK_AFTER_MILLIS = 1200;
const NO_PROBLEMS: readonly TextProblem[] = [];

function useProblems(row: QueryRow): readonly TextProblem[] {
  const [checked, setChecked] = useState<{ readonly text: string; readonly problems: readonly TextProblem[] }>({
    text: '',
    problems: NO_PROBLEMS,
  });
  const { text, ran } = row;
  useEffect(() => {
    const timer = window.setTimeout(
      () => setChecked({ text, problems: checkQuery(text) }),
      text.trim() === ran ? 0 : CHECK_AFTER_MILLIS,
    );
    return () => window.clearTimeout(timer);
  }, [text, ran]);
  return checked.text === text ? checked.problems : NO_PROBLEMS;
}

interface QueryLineProps extends QueryPaneProps {
  readonly row: QueryRow;
  readonly first: boolean;
  readonly only: boolean;
}

function QueryLine({ row, first, only, setRows, onRun, vocabulary, editors, onFocus }: QueryLineProps) {
  const { t } = useTranslation('explore');
  const problems = useProblems(row);
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
      <div className={styles.queryBox} data-wrong={problems.length > 0 || undefined}>
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
      {problems.length > 0 && (
        <p className={styles.problem} role="alert">
          {t('query.problemAt', { message: problems[0].message, place: placeOf(row.text, problems[0]) })}
        </p>
      )}
    </div>
  );
}
