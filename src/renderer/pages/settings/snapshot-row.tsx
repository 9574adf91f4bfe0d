import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail, MethodResults } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { ErrorNote, formatValue } from '#renderer/ui/index.ts';
import { FormRow, FormSection } from './form-row.tsx';

/** Copies the store while it goes on being written, and says where the copy is. */
export function SnapshotRow() {
  const { t, i18n } = useTranslation('settings');
  const core = useCore();
  const [copying, setCopying] = useState(false);
  const [made, setMade] = useState<MethodResults['admin.snapshot'] | null>(null);
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  const copy = (): void => {
    setCopying(true);
    setFailure(null);
    core
      .request('admin.snapshot', { skipHead: false })
      .then(setMade)
      .catch((error: unknown) => setFailure(errorDetail(error)))
      .finally(() => setCopying(false));
  };
  const size = formatValue(made?.bytes ?? null, 'bytes', i18n.language).text;
  return (
    <FormSection title={t('storage.backup')}>
      {failure !== null && <ErrorNote error={failure} />}
      <FormRow
        label={t('storage.snapshot')}
        group
        hint={
          <span role="status">
            {made === null ? t('storage.snapshotHint') : t('storage.snapshotMade', { path: made.path, size })}
          </span>
        }
      >
        {() => (
          <Button loading={copying} onClick={copy}>
            {t('storage.takeSnapshot')}
          </Button>
        )}
      </FormRow>
    </FormSection>
  );
}
