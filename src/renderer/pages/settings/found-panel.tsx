import { useTranslation } from 'react-i18next';
import { labelPairs, getLabel } from '#shared/model/index.ts';
import { EmptyState, ErrorNote, formatCount, StatusDot } from '#renderer/ui/index.ts';
import styles from './found-panel.module.css';
import type { Look } from './use-look.ts';

/** What discovery finds, and which of it the job's rules would leave. */
export function FoundPanel({ look }: { readonly look: Look }) {
  const { t, i18n } = useTranslation('settings');
  switch (look.kind) {
    case 'none':
      return <EmptyState title={t('look.emptyTitle')}>{t('look.emptyBody')}</EmptyState>;
    case 'looking':
      return <p className={styles.note}>{t('look.looking')}</p>;
    case 'failed':
      return look.error.kind === 'config-invalid' ? (
        <p className={styles.problem} role="alert">
          {look.error.problems.map(({ message }) => message).join('; ')}
        </p>
      ) : (
        <ErrorNote error={look.error} />
      );
    case 'done': {
      const { targets, total, kept, problems } = look.view;
      const count = (n: number): string => formatCount(n, i18n.language);
      return (
        <>
          {problems.map((problem) => (
            <p key={problem} className={styles.problem} role="alert">
              {problem}
            </p>
          ))}
          <p className={styles.note} role="status">
            {t('look.found', { count: total, total: count(total), kept: count(kept) })}
          </p>
          <ul className={styles.list}>
            {targets.map(({ discovered, url }, i) => (
              // Two may be alike in everything.
              // oxlint-disable-next-line react/no-array-index-key
              <li key={i}>
                <details>
                  <summary>
                    <StatusDot state={url === null ? 'paused' : 'unknown'} label="" />
                    <span className="num">{url ?? getLabel(discovered, '__address__')}</span>
                    {url === null && <span className={styles.dropped}>{t('look.dropped')}</span>}
                  </summary>
                  <dl className="num">
                    {[...labelPairs(discovered)].map(([name, value]) => (
                      <div key={name}>
                        <dt>{name}</dt>
                        <dd>{value}</dd>
                      </div>
                    ))}
                  </dl>
                </details>
              </li>
            ))}
          </ul>
          {total > targets.length && <p className={styles.note}>{t('look.more', { count: total - targets.length })}</p>}
        </>
      );
    }
  }
}
