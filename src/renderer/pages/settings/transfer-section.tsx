import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HearthError, type ConfigView, type ErrorDetail } from '#shared/contract/index.ts';
import { errorDetail, useCore, usePreferences, useTopic } from '#renderer/data/index.ts';
import { ErrorNote } from '#renderer/ui/index.ts';
import { FileChanges, Problems } from './changes-panel.tsx';
import { FormSection } from './form-row.tsx';
import styles from './form.module.css';
import { bundleText, readBundle, type SettingsBundle } from './settings-bundle.ts';
import { offerUndo } from './undo-store.ts';

/** Taking all settings along to another computer, and taking over those of another one. */
export function TransferSection() {
  const { t } = useTranslation('settings');
  const core = useCore();
  const view = useTopic('config', {}).data;
  const { preferences, known } = usePreferences();
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  const download = (make: () => Promise<{ readonly name: string; readonly text: string }>): void => {
    setFailure(null);
    make().then(
      ({ name, text }) => saveFile(name, text),
      (error: unknown) => setFailure(errorDetail(error)),
    );
  };
  return (
    <div className={styles.scroll}>
      {failure !== null && <ErrorNote error={failure} />}
      <FormSection title={t('transfer.export')}>
        <p className={styles.prose}>{t('transfer.exportText')}</p>
        <div className={styles.line}>
          <Button
            leftSection={<IconDownload size={14} stroke={1.6} />}
            disabled={!known || view === null}
            onClick={() =>
              download(async () => {
                const { prometheus, hearth } = await core.request('config.files', {});
                return { name: 'hearth-settings.json', text: bundleText({ prometheus, hearth, preferences }) };
              })
            }
          >
            {t('transfer.exportAll')}
          </Button>
          <Button
            disabled={view === null}
            onClick={() => download(() => Promise.resolve({ name: 'prometheus.yml', text: view?.text ?? '' }))}
          >
            {t('transfer.exportFile')}
          </Button>
        </div>
      </FormSection>
      {view !== null && <Import view={view} />}
    </div>
  );
}

/** What was chosen, beside what is there now. */
interface Chosen {
  readonly name: string;
  readonly bundle: SettingsBundle;
  readonly now: { readonly prometheus: string; readonly hearth: string };
  readonly problems: ConfigView['problems'];
}

function Import({ view }: { readonly view: ConfigView }) {
  const { t } = useTranslation('settings');
  const core = useCore();
  const stored = usePreferences();
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = (work: () => Promise<void>): void => {
    setFailure(null);
    setBusy(true);
    work()
      .catch((error: unknown) => {
        setFailure(errorDetail(error));
        if (!(error instanceof HearthError)) throw error;
      })
      .finally(() => setBusy(false));
  };
  const choose = (file: File): void =>
    attempt(async () => {
      const now = await core.request('config.files', {});
      const bundle = readBundle(await file.text(), now);
      setWrong(bundle === null ? file.name : null);
      if (bundle === null) {
        setChosen(null);
        return;
      }
      const { problems } = await core.request('config.check', { text: bundle.prometheus });
      setChosen({ name: file.name, bundle, now, problems });
    });
  const take = ({ name, bundle }: Chosen): void =>
    attempt(async () => {
      const { prometheus: text, hearth } = bundle;
      const saved = await core.request('config.save', { baseVersion: view.version, text, hearth });
      if (bundle.preferences !== null) {
        const { queryHistory, firstRunDone } = stored.preferences;
        await stored.set({ ...bundle.preferences, queryHistory, firstRunDone });
      }
      setChosen(null);
      offerUndo(core, saved, t('transfer.imported', { name }));
    });
  return (
    <FormSection title={t('transfer.import')}>
      <p className={styles.prose}>{t('transfer.importText')}</p>
      <input
        ref={input}
        type="file"
        accept=".json,.yml,.yaml"
        hidden
        aria-label={t('transfer.choose')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          // The same file may be chosen again once it was mended.
          event.currentTarget.value = '';
          if (file !== undefined) choose(file);
        }}
      />
      <div className={styles.line}>
        <Button disabled={!view.editable || busy} onClick={() => input.current?.click()}>
          {t('transfer.choose')}
        </Button>
        {chosen !== null && (
          <>
            <Button variant="filled" loading={busy} disabled={chosen.problems.length > 0} onClick={() => take(chosen)}>
              {t('transfer.take', { name: chosen.name })}
            </Button>
            <Button onClick={() => setChosen(null)}>{t('transfer.cancel')}</Button>
          </>
        )}
      </div>
      {wrong !== null && (
        <p className={styles.problem} role="alert">
          {t('transfer.wrong', { name: wrong })}
        </p>
      )}
      {failure !== null && <ErrorNote error={failure} />}
      {chosen !== null && (
        <>
          <Problems problems={chosen.problems} />
          <FileChanges file={{ path: view.path, before: chosen.now.prometheus, after: chosen.bundle.prometheus }} />
          {chosen.now.hearth !== chosen.bundle.hearth && (
            <FileChanges file={{ path: 'hearth.yml', before: chosen.now.hearth, after: chosen.bundle.hearth }} />
          )}
          {chosen.bundle.preferences !== null && <p className={styles.hint}>{t('transfer.preferences')}</p>}
        </>
      )}
    </FormSection>
  );
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
