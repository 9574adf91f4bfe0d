import { Tabs } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HearthError, type ConfigView } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { navigate, NEW_JOB } from '#renderer/frame/index.ts';
import { hasMod } from '#renderer/ui/index.ts';
import { ChangesPanel } from './changes-panel.tsx';
import { draftProblems } from './draft-problems.ts';
import { changeCount, startEditing, useEditing, type JobKey } from './editing-store.ts';
import { FailureBanner } from './failure-banner.tsx';
import { JobAside, type AsideView } from './job-aside.tsx';
import { FoundPanel } from './found-panel.tsx';
import { jobAddress } from './job-address.ts';
import type { JobDraft } from './job-draft.ts';
import { Notice, SaveBar } from './job-editor-parts.tsx';
import { JobForm } from './job-form.tsx';
import type { JobRow } from './job-health.ts';
import { JobStatus } from './job-status.tsx';
import { editFor, saveJob } from './save-job.ts';
import styles from './targets.module.css';
import { TestedWhen, TestPanel } from './test-panel.tsx';
import { offerUndo } from './undo-store.ts';
import { useLook } from './use-look.ts';
import { useFileProblems } from './use-file-problems.ts';
import { useTestScrape } from './use-test-scrape.ts';
import { YamlView } from './yaml-view.tsx';

interface JobEditorProps {
  readonly view: ConfigView;
  /** Null: a new job. */
  readonly row: JobRow | null;
  readonly rows: readonly JobRow[];
  readonly tab: 'form' | 'yaml';
}

/** One job, as a form with its test scrape or as its place in the file. */
export function JobEditor({ view, row, rows, tab }: JobEditorProps) {
  const { t } = useTranslation('settings');
  const key: JobKey = row === null ? null : row.job.form.jobName;
  const address = key ?? NEW_JOB;
  const editing = useEditing((state) => state.jobs.get(key));
  const fileUnsaved = useEditing((state) => state.file !== null);
  const actions = useJobActions(view, row, key);
  const [switching, setSwitching] = useState(false);
  const [yamlBar, setYamlBar] = useState<HTMLElement | null>(null);
  const [aside, setAside] = useState<AsideView | null>(null);
  const core = useCore();
  const onlyYaml = row?.job.onlyYaml ?? null;

  const toYaml = (): void => {
    if (editing === undefined || changeCount(editing) === 0) {
      navigate(jobAddress(address, 'yaml'));
      return;
    }
    // Both tabs are views of one document: what the form changed goes on as text.
    setSwitching(true);
    const { mark, discard, editFile } = useEditing.getState();
    const carryOver = async (): Promise<void> => {
      const edits = [editFor(view, editing.base, editing.draft)];
      const { text } = await core.request('config.preview', { baseVersion: view.version, edits });
      editFile(view, text);
      discard(key);
      navigate(jobAddress(address, 'yaml'));
    };
    carryOver()
      .catch((error: unknown) => mark(key, { failure: { kind: 'error', error: errorDetail(error) } }))
      .finally(() => setSwitching(false));
  };

  return (
    <Tabs
      value={tab}
      onChange={(next) => (next === 'yaml' ? toYaml() : navigate(jobAddress(address)))}
      className={styles.editor}
    >
      <div className={styles.editorBar}>
        <Tabs.List>
          <Tabs.Tab value="form">{t('tab.form')}</Tabs.Tab>
          <Tabs.Tab value="yaml" disabled={switching}>
            {t('tab.yaml')}
          </Tabs.Tab>
        </Tabs.List>
        <span className={styles.barSpace} />
        {tab === 'form' && (
          <SaveBar
            changes={changeCount(editing)}
            saving={editing?.saving === true}
            disabled={!view.editable || fileUnsaved || onlyYaml !== null || view.problems.length > 0}
            onDiscard={actions.discard}
            onSave={actions.save}
            onShowChanges={() => setAside('changes')}
          />
        )}
        {tab === 'yaml' && <span ref={setYamlBar} className={styles.actions} />}
      </div>
      <Tabs.Panel value="form" className={styles.formPanel}>
        <FormTab {...{ view, row, rows, jobKey: key, actions, blocked: fileUnsaved, aside, onAside: setAside }} />
      </Tabs.Panel>
      <Tabs.Panel value="yaml" className={styles.yamlPanel}>
        <YamlView view={view} line={row?.job.line ?? null} bar={yamlBar} />
      </Tabs.Panel>
    </Tabs>
  );
}

interface JobActions {
  readonly change: (change: (draft: JobDraft) => JobDraft) => void;
  readonly discard: () => void;
  readonly save: (options?: { readonly overwrite: boolean }) => void;
}

function useJobActions(view: ConfigView, row: JobRow | null, key: JobKey): JobActions {
  const { t } = useTranslation('settings');
  const core = useCore();
  const job = row?.job ?? null;
  const change = useCallback(
    (edit: (draft: JobDraft) => JobDraft) => useEditing.getState().edit(key, job, edit),
    [key, job],
  );
  const discard = useCallback(() => {
    useEditing.getState().discard(key);
    if (key === null && view.jobs.length > 0) navigate(jobAddress(view.jobs[0].form.jobName));
  }, [key, view]);
  const save = useCallback(
    (options?: { readonly overwrite: boolean }) => {
      const { jobs, mark, discard: forget, file } = useEditing.getState();
      const editing = jobs.get(key) ?? startEditing(job);
      if (!view.editable || file !== null || editing.saving || view.problems.length > 0) return;
      mark(key, { attempted: true });
      if (draftProblems(editing.draft, surroundings(view, key)).size > 0 || changeCount(editing) === 0) return;
      mark(key, { saving: true, failure: null });
      const write = async (): Promise<void> => {
        const { base, draft } = editing;
        const result = await saveJob(core, { view, base, draft, overwrite: options?.overwrite ?? false });
        if (result.kind === 'conflict') {
          mark(key, { saving: false, failure: { kind: 'conflict', removed: result.removed } });
          return;
        }
        forget(key);
        navigate(jobAddress(result.jobName), { replace: true });
        // What is undone may be the job itself, or its name.
        offerUndo(core, result.view, t('undo.saved', { name: result.jobName }), () =>
          navigate(jobAddress(key ?? view.jobs[0]?.form.jobName ?? NEW_JOB), { replace: true }),
        );
      };
      write().catch((error: unknown) => {
        mark(key, { saving: false, failure: { kind: 'error', error: errorDetail(error) } });
        // What is no expected failure is a bug and belongs into the log too.
        if (!(error instanceof HearthError)) throw error;
      });
    },
    [core, view, job, key, t],
  );
  return { change, discard, save };
}

function surroundings(view: ConfigView, key: JobKey) {
  const otherJobs = new Set(view.jobs.map((job) => job.form.jobName).filter((name) => name !== key));
  return { otherJobs, globalInterval: view.globalInterval, globalTimeout: view.globalTimeout };
}

interface FormTabProps extends Omit<JobEditorProps, 'tab'> {
  readonly jobKey: JobKey;
  readonly actions: JobActions;
  /** The file has unsaved text: the form would not know it. */
  readonly blocked: boolean;
  /** What a person chose to see beside the form; null: what there is. */
  readonly aside: AsideView | null;
  readonly onAside: (view: AsideView | null) => void;
}

function FormTab({ view, row, jobKey, actions, blocked, aside, onAside }: FormTabProps) {
  const { t } = useTranslation('settings');
  const stored = useEditing((state) => state.jobs.get(jobKey));
  const editing = stored ?? startEditing(row?.job ?? null);
  const unsaved = useEditing((state) => state.file?.text ?? null);
  const unsavedProblems = useFileProblems(view, unsaved);
  const test = useTestScrape(jobKey);
  const { look, run: runLook } = useLook(jobKey);
  const problems = draftProblems(editing.draft, surroundings(view, jobKey));
  const { save } = actions;
  const runTest = useCallback(
    (address?: string) => {
      const current = useEditing.getState().jobs.get(jobKey) ?? startEditing(row?.job ?? null);
      onAside('test');
      test.run(current.draft, address);
    },
    [test, jobKey, row, onAside],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!hasMod(event) || event.shiftKey || event.altKey) return;
      const key = event.key.toLowerCase();
      if (key === 's') save();
      else if (key === 't') runTest();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [save, runTest]);

  const onlyYaml = row?.job.onlyYaml ?? null;
  const yaml = jobAddress(jobKey ?? NEW_JOB, 'yaml');
  const changes = changeCount(editing);
  const views: readonly AsideView[] = [
    'test',
    ...(editing.draft.discovery.length > 0 ? (['found'] as const) : []),
    ...(changes > 0 ? (['changes'] as const) : []),
  ];
  const shown = asideShown(aside, views, test.state.kind !== 'none');
  const open = { test: test.state.kind !== 'none', found: aside === 'found', changes: aside === 'changes' }[shown];
  return (
    <div className={styles.formColumns}>
      <div className={styles.formScroll}>
        {!view.editable && <Notice>{t('notice.readOnly', { path: view.path })}</Notice>}
        {view.problems.length > 0 && !blocked && (
          <Notice tone="crit" action={<a href={yaml}>{t('notice.showYaml')}</a>}>
            {t('notice.fileBroken', { line: view.problems[0].line, message: view.problems[0].message })}
          </Notice>
        )}
        {blocked && (
          <Notice action={<a href={yaml}>{t('notice.showYaml')}</a>}>
            {unsavedProblems.length === 0
              ? t('notice.yamlUnsaved')
              : t('notice.yamlBroken', { line: unsavedProblems[0].line, message: unsavedProblems[0].message })}
          </Notice>
        )}
        {onlyYaml !== null && row !== null && (
          <Notice action={<a href={yaml}>{t('notice.editAtLine', { line: row.job.line })}</a>}>
            {t('notice.onlyYaml', { reason: onlyYaml })}
          </Notice>
        )}
        {editing.failure !== null && (
          <FailureBanner
            failure={editing.failure}
            compare={() => editFor(view, editing.base, editing.draft)}
            view={view}
            onOverwrite={() => save({ overwrite: true })}
            onReload={actions.discard}
          />
        )}
        {row !== null && <JobStatus row={row} view={view} />}
        <JobForm
          editing={editing}
          problems={problems}
          view={view}
          row={row}
          disabled={!view.editable || blocked || onlyYaml !== null || view.problems.length > 0}
          onChange={actions.change}
          onTest={() => runTest()}
          testing={test.state.kind === 'running'}
          tested={test.state.kind === 'done' ? test.state.tested : null}
          looking={look.kind === 'looking'}
          onLook={() => {
            onAside('found');
            runLook(editing.draft);
          }}
        />
      </div>
      <JobAside
        views={views}
        shown={shown}
        open={open}
        changes={changes}
        note={shown === 'test' ? <TestedWhen test={test.state} /> : null}
        onShow={onAside}
        onClose={() => {
          onAside(null);
          if (shown === 'test') test.clear();
        }}
      >
        {shown === 'test' && <TestPanel test={test.state} draft={editing.draft} onRun={runTest} />}
        {shown === 'found' && <FoundPanel look={look} />}
        {shown === 'changes' && <ChangesPanel view={view} edit={editFor(view, editing.base, editing.draft)} />}
      </JobAside>
    </div>
  );
}

/** Unless somebody chose: the result of a test where there is one, else what is not saved yet. */
function asideShown(chosen: AsideView | null, views: readonly AsideView[], tested: boolean): AsideView {
  if (chosen !== null && views.includes(chosen)) return chosen;
  return !tested && views.includes('changes') ? 'changes' : 'test';
}
