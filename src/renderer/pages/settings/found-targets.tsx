import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail, MethodResults } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { navigate, NEW_JOB } from '#renderer/frame/index.ts';
import { ErrorNote, StatusDot } from '#renderer/ui/index.ts';
import { useEditing } from './editing-store.ts';
import { EMPTY_DRAFT } from './job-draft.ts';
import { parseTargetUrl, suggestJobName } from '#renderer/target-url/index.ts';
import { jobAddress } from './job-address.ts';
import styles from './targets.module.css';

type Search =
  | { readonly state: 'idle' }
  | { readonly state: 'looking' }
  | { readonly state: 'done'; readonly result: MethodResults['targets.find'] }
  | { readonly state: 'failed'; readonly error: ErrorDetail };

/** What else answers on this machine. Ports are only tried when asked to. */
export function FoundTargets({ disabled }: { readonly disabled: boolean }) {
  const { t } = useTranslation('settings');
  const core = useCore();
  const [search, setSearch] = useState<Search>({ state: 'idle' });
  const look = (): void => {
    setSearch({ state: 'looking' });
    core.request('targets.find', {}).then(
      (result) => setSearch({ state: 'done', result }),
      (error: unknown) => setSearch({ state: 'failed', error: errorDetail(error) }),
    );
  };
  const unwatched = search.state === 'done' ? search.result.found.filter((found) => found.watchedBy === null) : [];
  return (
    <section className={styles.found} aria-label={t('found.title')}>
      <div className={styles.foundBar}>
        <h3 className={styles.foundTitle}>{t('found.title')}</h3>
        <Button variant="subtle" size="compact-xs" loading={search.state === 'looking'} onClick={look}>
          {search.state === 'idle' ? t('found.look') : t('found.again')}
        </Button>
      </div>
      {search.state === 'failed' && <ErrorNote error={search.error} />}
      {search.state === 'done' && unwatched.length === 0 && (
        <p className={styles.quiet}>{t('found.none', { count: search.result.portsChecked })}</p>
      )}
      <ul>
        {unwatched.map((found) => (
          <li key={found.url} className={styles.foundRow}>
            <StatusDot state="unknown" label="" />
            <span className={styles.foundName}>
              <span className="num">{found.url.replace(/^https?:\/\//, '').replace(/\/metrics$/, '')}</span>
              <span className={styles.quiet}>{found.looksLike}</span>
            </span>
            <Button
              disabled={disabled}
              aria-label={t('found.addOne', { address: found.url })}
              onClick={() => startWith(found.url)}
            >
              {t('targets.add')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A new job with this URL, to be looked over and saved. */
function startWith(url: string): void {
  const parsed = parseTargetUrl(url);
  const jobName = parsed.ok ? suggestJobName(parsed.url.address, new Set()) : '';
  useEditing.getState().discard(null);
  useEditing.getState().edit(null, null, () => ({ ...EMPTY_DRAFT, jobName, endpoint: { kind: 'one', url } }));
  navigate(jobAddress(NEW_JOB));
}
