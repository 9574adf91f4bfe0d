import { Suspense, useCallback, useEffect, useMemo, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { ConfigProblem, ConfigView } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { hasMod } from '#renderer/ui/index.ts';
import { HearthError } from '#shared/contract/index.ts';
import { offsetAt, wordEndAt, YamlEditor, type EditorHandle, type TextProblem } from '../../editor/index.ts';
import { DiffView } from './diff-view.tsx';
import { useEditing } from './editing-store.ts';
import { FailureBanner } from './failure-banner.tsx';
import { SaveBar } from './job-editor-parts.tsx';
import { fileName } from './file-name.ts';
import { countChanges, lineDiff } from './line-diff.ts';
import styles from './targets.module.css';
import { offerUndo } from './undo-store.ts';
import { useFileProblems } from './use-file-problems.ts';

interface YamlViewProps {
  readonly view: ConfigView;
  /** Line of the job to begin at, 1-based. */
  readonly line: number | null;
  /** Where Save and Discard go: beside the tabs. */
  readonly bar: HTMLElement | null;
}

/** `prometheus.yml` as text: the same file the form edits, with what is wrong and what would change. */
export function YamlView({ view, line, bar }: YamlViewProps) {
  const { t } = useTranslation('settings');
  const file = useEditing((state) => state.file);
  const text = file?.text ?? view.text;
  const problems = useFileProblems(view, file?.text ?? null);
  const marks = useMemo(() => problems.map((problem) => markOf(text, problem)), [problems, text]);
  const handle = useRef<EditorHandle>(null);
  const save = useSaveFile(view);
  const diff = useMemo(() => (file === null ? [] : lineDiff(file.baseText, file.text)), [file]);
  const { added, removed } = countChanges(diff);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!hasMod(event) || event.shiftKey || event.altKey || event.key.toLowerCase() !== 's') return;
      event.preventDefault();
      save({ overwrite: false });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [save]);

  const reveal = useRef(line);
  const setHandle = useCallback((editor: EditorHandle | null) => {
    handle.current = editor;
    if (editor !== null && reveal.current !== null) editor.reveal(reveal.current, 1);
  }, []);

  return (
    <div className={styles.formColumns}>
      {bar !== null &&
        createPortal(
          <SaveBar
            changes={Math.max(added, removed)}
            saving={file?.saving === true}
            disabled={!view.editable || problems.length > 0}
            onDiscard={() => useEditing.getState().discardFile()}
            onSave={() => save({ overwrite: false })}
          />,
          bar,
        )}
      <div className={styles.yaml}>
        {file !== null && file.failure !== null && (
          <FailureBanner
            failure={file.failure}
            view={view}
            compare={() => file.text}
            onOverwrite={() => save({ overwrite: true })}
            onReload={() => useEditing.getState().discardFile()}
          />
        )}
        <Suspense fallback={<pre className={styles.yamlFallback}>{text}</pre>}>
          <YamlEditor
            value={text}
            onChange={(next) => {
              if (next !== (useEditing.getState().file?.text ?? view.text)) useEditing.getState().editFile(view, next);
            }}
            problems={marks}
            label={t('yaml.label')}
            readOnly={!view.editable}
            className={styles.yamlEditor}
            onReady={setHandle}
          />
        </Suspense>
      </div>
      <aside className={styles.changes} aria-label={t('yaml.changes')}>
        <div className={styles.bar}>
          <h2 className={styles.barTitle}>{t('yaml.changes')}</h2>
          <span className={styles.quiet}>{file === null ? '' : t('yaml.count', { added, removed })}</span>
        </div>
        {problems.length > 0 && (
          <ul className={styles.problems} aria-label={t('yaml.problems')}>
            {problems.map((problem) => (
              <li key={`${problem.line}:${problem.column} ${problem.message}`}>
                <button type="button" onClick={() => handle.current?.reveal(problem.line, problem.column)}>
                  <span className="num">{t('yaml.place', { line: problem.line, column: problem.column })}</span>
                  <span>{problem.message}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        {file === null ? (
          <p className={styles.changesEmpty}>{t('yaml.noChanges')}</p>
        ) : (
          <DiffView before={file.baseText} after={file.text} />
        )}
      </aside>
    </div>
  );
}

function markOf(text: string, problem: ConfigProblem): TextProblem {
  const from = offsetAt(text, problem);
  return { from, to: wordEndAt(text, from), severity: 'error', message: problem.message };
}

function useSaveFile(view: ConfigView): (options: { readonly overwrite: boolean }) => void {
  const { t } = useTranslation('settings');
  const core = useCore();
  return useCallback(
    ({ overwrite }) => {
      const { file, markFile, discardFile } = useEditing.getState();
      if (file === null || file.saving || !view.editable) return;
      markFile({ saving: true, failure: null });
      const save = async (): Promise<void> => {
        const baseVersion = overwrite ? view.version : file.baseVersion;
        const saved = await core.request('config.save', { baseVersion, text: file.text });
        discardFile();
        offerUndo(core, saved, t('undo.file', { name: fileName(saved.path) }));
      };
      save().catch((error: unknown) => {
        const detail = errorDetail(error);
        const failure =
          detail.kind === 'config-conflict'
            ? ({ kind: 'conflict', removed: false } as const)
            : ({ kind: 'error', error: detail } as const);
        markFile({ saving: false, failure });
        if (!(error instanceof HearthError)) throw error;
      });
    },
    [core, view, t],
  );
}
