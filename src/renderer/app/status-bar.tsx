import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCore, useTopic } from '#renderer/data/index.ts';
import { openSettings } from '#renderer/frame/index.ts';
import { formatAge, StatusDot, useFormat } from '#renderer/ui/index.ts';
import styles from './status-bar.module.css';

/** Scrapes that start later than this are late whatever their interval, milliseconds. */
const LATE = 10_000;

/** The bottom line: what runs, how much, how late. An item turns red only when it is wrong. */
export function StatusBar() {
  const { t } = useTranslation();
  const { data: status } = useTopic('status', {});
  const format = useFormat();
  const { native } = useCore();
  return (
    <footer className={styles['bar']} aria-label={t('region.status')}>
      {status !== null && (
        <>
          <Item onClick={() => openSettings(native, ['targets'])} wrong={status.targetsDown > 0}>
            <StatusDot state={status.targetsDown > 0 ? 'down' : status.targetsUp > 0 ? 'up' : 'unknown'} label="" />
            {status.targetsTotal === 0
              ? t('status.noTargets')
              : t('status.targetsUp', { up: status.targetsUp, count: status.targetsTotal })}
          </Item>
          <Item>
            {t('status.scrapeP95')} <Value>{format.value(millisToSeconds(status.scrapeP95), 'seconds').text}</Value>
          </Item>
          <Item>
            <Value>{format.count(Math.round(status.samplesPerSecond))}</Value> {t('status.samples')}
          </Item>
          <Item>
            <Value>{format.count(status.series)}</Value> {t('status.series')}
          </Item>
          <Item
            onClick={() => openSettings(native, ['storage'])}
            wrong={status.storage !== null}
            title={status.storage?.message}
          >
            {status.storage !== null && <StatusDot state="down" label="" />}
            {t('status.store')} <Value>{format.value(status.storeBytes, 'bytes').text}</Value>
          </Item>
          <Item wrong={(status.lag ?? 0) > LATE}>
            {(status.lag ?? 0) > LATE && <StatusDot state="down" label="" />}
            {t('status.lag')} <Value>{status.lag === null ? t('noValue') : formatAge(status.lag, 1)}</Value>
          </Item>
          {status.stretchedTargets > 0 && (
            <Item wrong title={t('status.stretchedWhy')}>
              <StatusDot state="down" label="" />
              {t('status.stretched', { count: status.stretchedTargets })}
            </Item>
          )}
          <span className={styles['space']} />
          {status.configProblem !== null && (
            <Item onClick={() => openSettings(native, ['targets'])} wrong title={status.configProblem.message}>
              <StatusDot state="down" label="" />
              {t('status.configProblem', { line: status.configProblem.line })}
            </Item>
          )}
        </>
      )}
      {status === null && <span className={styles['space']} />}
      <Item onClick={() => openSettings(native, ['appearance'])}>{t(`status.zone.${format.zone}`)}</Item>
    </footer>
  );
}

function millisToSeconds(millis: number | null): number | null {
  return millis === null ? null : millis / 1000;
}

function Value({ children }: { readonly children: ReactNode }) {
  return <strong className={styles['value']}>{children}</strong>;
}

interface ItemProps {
  readonly children: ReactNode;
  readonly wrong?: boolean;
  readonly title?: string | undefined;
  readonly onClick?: () => void;
}

function Item({ children, wrong = false, title, onClick }: ItemProps) {
  const common = { className: styles['item'], 'data-wrong': wrong || undefined, title };
  if (onClick === undefined) return <span {...common}>{children}</span>;
  return (
    <button type="button" {...common} onClick={onClick}>
      {children}
    </button>
  );
}
