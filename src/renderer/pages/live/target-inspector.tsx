import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconSettings, IconTopologyStar3 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TargetView } from '#shared/contract/index.ts';
import { formatDuration, labelPairs } from '#shared/model/index.ts';
import { formatAge, Row, useFormat, useNow } from '#renderer/ui/index.ts';
import { ActionRow } from './action-row.tsx';
import styles from './inspector.module.css';
import type { TargetActions } from './target-actions.ts';

interface TargetInspectorProps {
  readonly target: TargetView;
  readonly actions: TargetActions;
}

/** The target itself, when no chart is chosen. */
export function TargetInspector({ target, actions }: TargetInspectorProps) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const now = useNow();
  const down = target.health === 'down';
  const paused = target.health === 'paused';
  return (
    <>
      <div className={styles['scroll']}>
        <section className={styles['head']}>
          <h2 className={styles['title']}>{target.name}</h2>
          <p className={styles['metric']}>{target.builtin ? t('targets.thisComputer') : target.url}</p>
        </section>
        <section className={styles['section']}>
          {target.lastScrape !== null && (
            <Row name={t(down ? 'inspector.since' : 'header.lastScrape')}>
              {format.time(down ? (target.since ?? target.lastScrape) : target.lastScrape, 'clock-seconds')}
            </Row>
          )}
          {target.lastError !== null && (
            <Row name={t('inspector.error')}>
              <span className={styles['crit']}>{target.lastError.message}</span>
            </Row>
          )}
          {target.nextScrape !== null && (
            <Row name={t(down ? 'inspector.nextTry' : 'inspector.nextScrape')}>
              {t('common:time.in', { age: formatAge(target.nextScrape - now, 1) })}
            </Row>
          )}
          <Row name={t('inspector.interval')}>
            {target.stretch > 1
              ? t('header.stretched', {
                  interval: formatDuration(target.interval * target.stretch),
                  asked: formatDuration(target.interval),
                })
              : formatDuration(target.interval)}
          </Row>
          {!target.builtin && <Row name={t('inspector.timeout')}>{formatDuration(target.timeout)}</Row>}
        </section>
        <section className={styles['section']}>
          <h3 className={styles['sectionTitle']}>{t('inspector.labels')}</h3>
          {[...labelPairs(target.labels)].map(([name, value]) => (
            <Row key={name} name={<span className="num">{name}</span>}>
              {value}
            </Row>
          ))}
        </section>
      </div>
      <div className={styles['actions']}>
        <ActionRow icon={IconTopologyStar3} onClick={actions.details}>
          {t('inspector.details')}
        </ActionRow>
        <ActionRow icon={IconRefresh} shortcut="R" onClick={actions.scrapeNow}>
          {t(down ? 'inspector.tryNow' : 'inspector.scrapeNow')}
        </ActionRow>
        {!target.builtin && (
          <>
            <ActionRow icon={IconSettings} onClick={actions.edit}>
              {t('inspector.edit')}
            </ActionRow>
            <ActionRow icon={paused ? IconPlayerPlay : IconPlayerPause} shortcut="P" onClick={actions.togglePause}>
              {t(paused ? 'inspector.resumeTarget' : 'inspector.pauseTarget')}
            </ActionRow>
          </>
        )}
      </div>
    </>
  );
}
