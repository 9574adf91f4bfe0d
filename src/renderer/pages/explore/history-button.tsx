import { Button, Popover, TextInput } from '@mantine/core';
import { IconHistory, IconStar, IconStarFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '#renderer/data/index.ts';
import { formatTime, IconButton } from '#renderer/ui/index.ts';
import styles from './explore.module.css';
import { findInHistory } from './query-history.ts';
import type { History } from './use-history.ts';

interface HistoryButtonProps {
  readonly history: History;
  readonly onChoose: (expr: string) => void;
}

/** The queries that ran before, favourites first. */
export function HistoryButton({ history, onChoose }: HistoryButtonProps) {
  const { t, i18n } = useTranslation('explore');
  const { preferences } = usePreferences();
  const [open, setOpen] = useState(false);
  const [filter, setFilter] = useState('');
  const found = findInHistory(history.entries, filter);
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={560} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconHistory size={14} stroke={1.6} />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {t('history.title')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={8}>
        <TextInput
          aria-label={t('history.filter')}
          placeholder={t('history.filter')}
          value={filter}
          data-autofocus
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        {found.length === 0 && (
          <p className={styles.historyEmpty}>{filter === '' ? t('history.empty') : t('history.noMatch', { filter })}</p>
        )}
        <ul className={styles.history}>
          {found.map((entry) => (
            <li key={entry.expr}>
              <IconButton
                label={entry.favourite ? t('history.unstar') : t('history.star')}
                pressed={entry.favourite}
                onClick={() => history.toggle(entry.expr)}
              >
                {entry.favourite ? <IconStarFilled size={14} /> : <IconStar size={14} stroke={1.6} />}
              </IconButton>
              <button
                type="button"
                className={styles.historyQuery}
                title={entry.expr}
                onClick={() => {
                  setOpen(false);
                  onChoose(entry.expr);
                }}
              >
                {entry.expr}
              </button>
              <span className={styles.quiet}>{formatTime(entry.at, 'clock', i18n.language, preferences.timeZone)}</span>
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
