import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail } from '#shared/contract/index.ts';
import { errorDetail } from '#renderer/data/index.ts';
import { ErrorNote } from '#renderer/ui/index.ts';
import styles from './settings.module.css';
import { useUndo } from './undo-store.ts';

const OFFERED_MILLIS = 10_000;

/** What was just removed, and the way back, for ten seconds. */
export function UndoLine() {
  const { t } = useTranslation('settings');
  const { last, clear } = useUndo();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  useEffect(() => {
    if (last === null) return;
    const timer = window.setTimeout(clear, OFFERED_MILLIS);
    return () => window.clearTimeout(timer);
  }, [last, clear]);
  if (failure !== null) {
    return (
      <div className={styles.undo}>
        <ErrorNote error={failure} action={<Button onClick={() => setFailure(null)}>{t('undo.dismiss')}</Button>} />
      </div>
    );
  }
  if (last === null) return null;
  const undo = (): void => {
    setBusy(true);
    last
      .undo()
      .then(clear, (error: unknown) => {
        clear();
        setFailure(errorDetail(error));
      })
      .finally(() => setBusy(false));
  };
  return (
    <div className={styles.undo} role="status">
      <span>{last.text}</span>
      <Button leftSection={<IconArrowBackUp size={14} stroke={1.6} />} loading={busy} onClick={undo}>
        {t('undo.action')}
      </Button>
    </div>
  );
}
