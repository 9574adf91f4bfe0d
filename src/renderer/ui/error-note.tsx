import { IconAlertTriangle } from '@tabler/icons-react';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail } from '#shared/contract/index.ts';
import styles from './ui.module.css';

/** What went wrong, in words. */
export function errorText(t: TFunction, error: ErrorDetail): string {
  switch (error.kind) {
    case 'config-invalid':
      return t('error.config-invalid', { file: error.file, message: error.problems[0]?.message ?? '' });
    case 'bad-request':
      return t('error.bad-request', { path: error.path, message: error.message });
    case 'not-found':
      return t('error.not-found', { what: error.what });
    case 'forbidden':
    case 'canceled':
    case 'config-conflict':
    case 'config-overlap':
    case 'unavailable':
      return t(`error.${error.kind}`);
    case 'query-parse':
    case 'query-execution':
    case 'query-timeout':
    case 'storage':
    case 'internal':
      return t(`error.${error.kind}`, { message: error.message });
  }
}

/** A failure in its place, with what can be done about it. */
export function ErrorNote({ error, action }: { readonly error: ErrorDetail; readonly action?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={styles['errorNote']} role="alert">
      <IconAlertTriangle size={14} stroke={1.6} aria-hidden />
      <span>{errorText(t, error)}</span>
      {action}
    </div>
  );
}
