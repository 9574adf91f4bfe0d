import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Millis } from '#shared/model/index.ts';
import { useConnection, useCore } from '#renderer/data/index.ts';
import { readClock, useFormat } from '#renderer/ui/index.ts';
import styles from './connection-banner.module.css';

/** A short interruption is not worth a line that comes and goes, milliseconds. */
const PATIENCE = 700;

/** Says that the way to the core is lost, and of when the things on screen are. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const { native } = useCore();
  const format = useFormat();
  const connection = useConnection();
  const [lostAt, setLostAt] = useState<Millis | null>(null);
  const open = connection === 'open';
  useEffect(() => {
    if (open) return;
    const at = readClock();
    const timer = window.setTimeout(() => setLostAt(at), PATIENCE);
    return () => {
      window.clearTimeout(timer);
      setLostAt(null);
    };
  }, [open]);
  if (open || lostAt === null) return null;
  const time = format.time(lostAt, 'clock-seconds');
  const words =
    connection === 'connecting'
      ? t('connection.connecting')
      : t(native === null ? 'connection.lost' : 'connection.restarting', { time });
  return (
    <div className={styles['banner']} role="alert">
      <IconPlugConnectedX size={14} stroke={1.6} aria-hidden />
      {words}
    </div>
  );
}
