import { useTranslation } from 'react-i18next';
import { PageFrame } from '#renderer/frame/index.ts';

export default function SettingsPage() {
  const { t } = useTranslation('settings');
  return <PageFrame name="settings">{t('title')}</PageFrame>;
}
