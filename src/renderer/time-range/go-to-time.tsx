import { IconClock } from '@tabler/icons-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { IconButton } from '#renderer/ui/index.ts';
import styles from './go-to-time.module.css';

/** Not part of the first screen: what it stands in is large. */
const GoToForm = lazy(() => import('./go-to-form.tsx'));

interface GoToTimeProps {
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
  /** Called with what was typed: a moment (`to` is null), or what lies between two, the earlier first. */
  readonly onGo: (from: Millis, to: Millis | null) => void;
}

/** The button that asks for a time to go to, and the form below it. */
export function GoToTime({ open, setOpen, onGo }: GoToTimeProps) {
  const { t } = useTranslation('common');
  const place = useRef<HTMLSpanElement>(null);
  // Kept while the form is closed: what was typed is there when it opens again.
  const [typed, setTyped] = useState({ from: '', to: '' });
  return (
    <span ref={place} className={styles['place']}>
      <IconButton label={t('goTo.title')} shortcut="G" onClick={() => setOpen(!open)}>
        <IconClock size={14} stroke={1.6} />
      </IconButton>
      {open && (
        <Suspense fallback={null}>
          <GoToForm place={place} typed={typed} setTyped={setTyped} onGo={onGo} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </span>
  );
}
