import { useTranslation } from 'react-i18next';
import { PageFrame } from '#renderer/frame/index.ts';

export default function ExplorePage() {
  const { t } = useTranslation('explore');
  return <PageFrame name="explore">{t('title')}</PageFrame>;
}
