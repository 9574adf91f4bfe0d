import { Button, Popover, TextInput } from '@mantine/core';
import { IconClock } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { IconButton, readClock, useFormat } from '#renderer/ui/index.ts';
import styles from './go-to-time.module.css';
import { parseWhen } from './parse-when.ts';

interface GoToTimeProps {
  readonly open: boolean;
  readonly setOpen: (open: boolean) => void;
  /** Called with what was typed: a moment (`to` is null), or what lies between two, the earlier first. */
  readonly onGo: (from: Millis, to: Millis | null) => void;
}

/** Goes to a moment, or to what lies between two: typed as one thinks of it. */
export function GoToTime({ open, setOpen, onGo }: GoToTimeProps) {
  const { t } = useTranslation('common');
  const format = useFormat();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [wrong, setWrong] = useState<'from' | 'to' | 'order' | null>(null);
  const go = (event: FormEvent): void => {
    event.preventDefault();
    const now = readClock();
    const start = parseWhen(from, now, format.zone);
    const end = to.trim() === '' ? null : parseWhen(to, now, format.zone);
    if (start === null) setWrong('from');
    else if (to.trim() !== '' && end === null) setWrong('to');
    else if (end !== null && end <= start) setWrong('order');
    else {
      onGo(start, end);
      setWrong(null);
      setOpen(false);
    }
  };
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={300}
      trapFocus
      returnFocus
      // The button inside the target says what it is; a span may not.
      withRoles={false}
    >
      <Popover.Target>
        <span>
          <IconButton label={t('goTo.title')} shortcut="G" onClick={() => setOpen(!open)}>
            <IconClock size={14} stroke={1.6} />
          </IconButton>
        </span>
      </Popover.Target>
      <Popover.Dropdown p={12}>
        <form className={styles['form']} onSubmit={go}>
          <TextInput
            label={t('goTo.from')}
            placeholder={t('goTo.example')}
            value={from}
            data-autofocus
            error={wrong === 'from' ? t('goTo.notATime') : null}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            label={t('goTo.to')}
            placeholder={t('goTo.optional')}
            value={to}
            error={wrong === 'to' ? t('goTo.notATime') : wrong === 'order' ? t('goTo.order') : null}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <p className={styles['hint']}>{t('goTo.hint')}</p>
          <Button type="submit" variant="filled">
            {t('goTo.go')}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
