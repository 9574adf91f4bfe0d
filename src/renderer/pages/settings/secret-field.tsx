import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretForm } from '#shared/contract/index.ts';
import { IconButton } from '#renderer/ui/index.ts';
import styles from './form.module.css';

interface SecretFieldProps {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly value: SecretForm;
  /** Whether the file holds one: emptying the field goes back to it. */
  readonly kept: boolean;
  readonly onChange: (value: SecretForm) => void;
  readonly invalid: boolean;
  readonly disabled: boolean;
}

const REVEALED_MILLIS = 10_000;
const DOTS = '••••••••••••••••';

/** A password or token as dots. One that is in the file never comes here: only what is typed now can be shown. */
export function SecretField({ id, describedBy, value, kept, onChange, invalid, disabled }: SecretFieldProps) {
  const { t } = useTranslation('settings');
  const [revealed, setRevealed] = useState(false);
  useEffect(() => {
    if (!revealed) return;
    const timer = window.setTimeout(() => setRevealed(false), REVEALED_MILLIS);
    return () => window.clearTimeout(timer);
  }, [revealed]);
  const typed = value.kind === 'new';
  return (
    <div className={styles.secret}>
      <input
        id={id}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        type={revealed ? 'text' : 'password'}
        value={typed ? value.text : ''}
        placeholder={value.kind === 'kept' ? DOTS : ''}
        onChange={(event) => {
          const text = event.currentTarget.value;
          if (text !== '') onChange({ kind: 'new', text });
          else onChange(kept ? { kind: 'kept' } : { kind: 'none' });
        }}
        data-changed={typed || undefined}
        data-mono
        disabled={disabled}
        autoComplete="off"
        spellCheck={false}
        className={styles.input}
      />
      <IconButton
        label={revealed ? t('access.hide') : t('access.reveal')}
        pressed={revealed}
        disabled={!typed}
        onClick={() => setRevealed(!revealed)}
      >
        {revealed ? <IconEyeOff size={14} stroke={1.6} /> : <IconEye size={14} stroke={1.6} />}
      </IconButton>
    </div>
  );
}
