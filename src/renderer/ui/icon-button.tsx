import type { MouseEvent, ReactNode } from 'react';
import styles from './ui.module.css';

interface IconButtonProps {
  readonly label: string;
  /** Shown in the tooltip after the label. */
  readonly shortcut?: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly onClick: (event: MouseEvent<HTMLButtonElement>) => void;
  readonly children: ReactNode;
}

/** A 26 px button of an icon alone; the label is its name and its tooltip. */
export function IconButton({ label, shortcut, pressed, disabled, onClick, children }: IconButtonProps) {
  return (
    <button
      type="button"
      className={styles['iconButton']}
      aria-label={label}
      aria-pressed={pressed}
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      disabled={disabled}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
