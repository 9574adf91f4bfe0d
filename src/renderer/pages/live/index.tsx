import { useTranslation } from 'react-i18next';
import { PageFrame } from '#renderer/frame/index.ts';

export default function LivePage() {
  const { t } = useTranslation('live');
  return <PageFrame name="live">{t('title')}</PageFrame>;
}
