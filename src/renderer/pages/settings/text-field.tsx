import type { ClipboardEvent } from 'react';
import styles from './form.module.css';

interface TextFieldProps {
  readonly id?: string;
  readonly label?: string;
  readonly describedBy?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onPaste?: (text: string) => boolean;
  readonly onBlur?: () => void;
  readonly changed: boolean;
  readonly invalid: boolean;
  readonly disabled: boolean;
  readonly placeholder?: string;
  /** Addresses, durations and names are written in the number face. */
  readonly mono?: boolean;
  readonly autoFocus?: boolean;
  readonly className?: string;
}

/**
 * A line of text of the form. A change that is not saved shows as a bar at its left. An element of its own, because
 * Mantine's inputs take their description from Mantine's wrapper alone.
 */
export function TextField(props: TextFieldProps) {
  const { onPaste } = props;
  return (
    <input
      type="text"
      id={props.id}
      aria-label={props.label}
      aria-describedby={props.describedBy}
      aria-invalid={props.invalid || undefined}
      value={props.value}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      onPaste={(event: ClipboardEvent<HTMLInputElement>) => {
        if (onPaste?.(event.clipboardData.getData('text')) === true) event.preventDefault();
      }}
      onBlur={props.onBlur}
      data-changed={props.changed || undefined}
      data-mono={props.mono === false ? undefined : true}
      disabled={props.disabled}
      placeholder={props.placeholder}
      autoFocus={props.autoFocus}
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      className={`${styles.input} ${props.className ?? ''}`}
    />
  );
}
