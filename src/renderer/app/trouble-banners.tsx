import { Button } from '@mantine/core';
import { IconAlertTriangle, IconDatabaseX, IconPlugConnectedX, type Icon } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCore } from '#renderer/data/index.ts';
import { openSettings } from '#renderer/frame/index.ts';
import { useFormat } from '#renderer/ui/index.ts';
import styles from './trouble-banners.module.css';
import { useTroubles, type Trouble } from './use-troubles.ts';

/** Lines above the page: what is wrong with Hearth itself, what it means for the data, and what can be done. */
export function TroubleBanners() {
  const troubles = useTroubles();
  // Damage is past: who has read of it need not see it for ever.
  const [read, setRead] = useState<string | null>(null);
  const shown = troubles.filter((trouble) => !isDamage(trouble) || trouble.trouble.message !== read);
  return (
    <>
      {shown.map((trouble) => (
        <Banner
          key={trouble.kind}
          trouble={trouble}
          onRead={isDamage(trouble) ? () => setRead(trouble.trouble.message) : null}
        />
      ))}
    </>
  );
}

function isDamage(trouble: Trouble): trouble is Extract<Trouble, { kind: 'storage' }> {
  return trouble.kind === 'storage' && trouble.trouble.kind === 'damaged';
}

const ICONS: Readonly<Record<Trouble['kind'], Icon>> = {
  connecting: IconPlugConnectedX,
  lost: IconPlugConnectedX,
  restarting: IconPlugConnectedX,
  storage: IconDatabaseX,
  config: IconAlertTriangle,
};

function Banner({ trouble, onRead }: { readonly trouble: Trouble; readonly onRead: (() => void) | null }) {
  const { t } = useTranslation();
  const { native } = useCore();
  const words = useWords()(trouble);
  const Glyph = ICONS[trouble.kind];
  const grave = trouble.kind === 'storage' && !isDamage(trouble);
  return (
    <div className={styles['banner']} data-grave={grave || undefined} role="alert">
      <Glyph size={14} stroke={1.6} aria-hidden />
      <p>
        <strong>{words.what}</strong> {words.next}
      </p>
      {trouble.kind === 'storage' && onRead === null && (
        <Button onClick={() => openSettings(native, ['storage'])}>{t('trouble.openStorage')}</Button>
      )}
      {trouble.kind === 'config' && (
        <Button onClick={() => openSettings(native, ['targets'])}>{t('trouble.openTargets')}</Button>
      )}
      {onRead !== null && <Button onClick={onRead}>{t('close')}</Button>}
    </div>
  );
}

/** What happened, and what happens next. */
function useWords(): (trouble: Trouble) => { readonly what: string; readonly next: string } {
  const { t } = useTranslation();
  const format = useFormat();
  return (trouble) => {
    switch (trouble.kind) {
      case 'connecting':
        return { what: t('connection.connecting'), next: '' };
      case 'lost':
      case 'restarting': {
        const time = format.time(trouble.at, 'clock-seconds');
        return { what: t(`connection.${trouble.kind}`), next: t(`connection.${trouble.kind}Next`, { time }) };
      }
      case 'storage': {
        const { kind, message } = trouble.trouble;
        return { what: t(`trouble.storage.${kind}`, { message }), next: t(`trouble.storage.${kind}Next`) };
      }
      case 'config': {
        const { line, message } = trouble.problem;
        return { what: t('trouble.config', { line, message }), next: t('trouble.configNext') };
      }
    }
  };
}
