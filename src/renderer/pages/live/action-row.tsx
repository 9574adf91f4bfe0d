import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { KeyCap } from '#renderer/ui/index.ts';
import styles from './inspector.module.css';

interface ActionRowProps {
  readonly icon: Icon;
  readonly shortcut?: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** One thing to do, at the foot of the inspector, with the key that does it too. */
export function ActionRow({ icon: ActionIcon, shortcut, onClick, children }: ActionRowProps) {
  return (
    <button type="button" className={styles['action']} onClick={onClick}>
      <ActionIcon size={14} stroke={1.6} aria-hidden />
      <span>{children}</span>
      {shortcut !== undefined && <KeyCap>{shortcut}</KeyCap>}
    </button>
  );
}
