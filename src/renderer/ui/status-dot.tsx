import { useTranslation } from 'react-i18next';
import type { TargetHealth } from '#shared/contract/index.ts';
import styles from './ui.module.css';

/** The four states as shapes, so that colour is never the only sign: disc up, diamond down, rings for the rest. */
export type DotState = TargetHealth | 'pending' | 'stale';

interface StatusDotProps {
  readonly state: DotState;
  /** Spoken in place of the state's own word; `''` where text beside it says it already. */
  readonly label?: string;
}

const COLORS: Readonly<Record<DotState, string>> = {
  up: 'var(--ok)',
  down: 'var(--crit)',
  unknown: 'var(--text-3)',
  paused: 'var(--text-3)',
  pending: 'var(--warn)',
  stale: 'var(--warn)',
};

export function StatusDot({ state, label }: StatusDotProps) {
  const { t } = useTranslation();
  const name = label ?? (state === 'pending' || state === 'stale' ? t('health.unknown') : t(`health.${state}`));
  return (
    <svg
      className={styles['dot']}
      viewBox="0 0 10 10"
      role={name === '' ? undefined : 'img'}
      aria-hidden={name === '' ? true : undefined}
      aria-label={name === '' ? undefined : name}
      style={{ color: COLORS[state] }}
    >
      <DotShape state={state} />
    </svg>
  );
}

function DotShape({ state }: { readonly state: DotState }) {
  switch (state) {
    case 'up':
      return <circle cx="5" cy="5" r="3.6" fill="currentColor" />;
    case 'down':
      return <path d="M5 .4 9.6 5 5 9.6.4 5Z" fill="currentColor" />;
    case 'pending':
    case 'stale':
      return (
        <>
          <circle cx="5" cy="5" r="3.3" fill="none" stroke="currentColor" strokeWidth="1.3" />
          <path d="M5 1.7a3.3 3.3 0 0 1 0 6.6Z" fill="currentColor" />
        </>
      );
    case 'unknown':
    case 'paused':
      return <circle cx="5" cy="5" r="3.1" fill="none" stroke="currentColor" strokeWidth="1.3" />;
  }
}
