import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail, FoundTarget } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { parseTargetUrl, suggestJobName } from '#renderer/target-url/index.ts';
import { ErrorNote, StatusDot } from '#renderer/ui/index.ts';
import styles from './list.module.css';
import { newJobForm } from './new-job.ts';

type Search =
  | { readonly state: 'idle' | 'looking' }
  | { readonly state: 'done'; readonly found: readonly FoundTarget[]; readonly ports: number }
  | { readonly state: 'failed'; readonly error: ErrorDetail };

/** At the foot of the list: what else answers on this machine. Ports are tried only when asked to. */
export function FoundInList({ onAdded }: { readonly onAdded: (jobName: string) => void }) {
  const { t } = useTranslation('live');
  const core = useCore();
  const [search, setSearch] = useState<Search>({ state: 'idle' });
  const [adding, setAdding] = useState<string | null>(null);
  const look = () => {
    setSearch({ state: 'looking' });
    core.request('targets.find', {}).then(
      ({ found, portsChecked }) => setSearch({ state: 'done', found, ports: portsChecked }),
      (error: unknown) => setSearch({ state: 'failed', error: errorDetail(error) }),
    );
  };
  const add = async ({ url }: FoundTarget) => {
    const parsed = parseTargetUrl(url);
    if (!parsed.ok) return;
    setAdding(url);
    try {
      const { version, jobs } = await core.request('config.get', {});
      const jobName = suggestJobName(parsed.url.address, new Set(jobs.map(({ form }) => form.jobName)));
      const form = newJobForm(jobName, parsed.url);
      await core.request('config.apply', { baseVersion: version, edits: [{ type: 'add-job', form }] });
      onAdded(jobName);
      setSearch((now) =>
        now.state === 'done' ? { ...now, found: now.found.filter((other) => other.url !== url) } : now,
      );
    } catch (error) {
      setSearch({ state: 'failed', error: errorDetail(error) });
    } finally {
      setAdding(null);
    }
  };
  const fresh = search.state === 'done' ? search.found.filter(({ watchedBy }) => watchedBy === null) : [];
  return (
    <section className={styles['found']} aria-label={t('found.heading')}>
      <div className={styles['foundBar']}>
        <h2 className={styles['barTitle']}>{t('found.heading')}</h2>
        <Button size="compact-xs" variant="subtle" loading={search.state === 'looking'} onClick={look}>
          {t(search.state === 'idle' || search.state === 'looking' ? 'found.lookShort' : 'found.again')}
        </Button>
      </div>
      {search.state === 'failed' && <ErrorNote error={search.error} />}
      {search.state === 'done' && fresh.length === 0 && (
        <p className={styles['foundNone']}>{t('found.noneElse', { count: search.ports })}</p>
      )}
      <ul className={styles['foundRows']}>
        {fresh.map((target) => (
          <li key={target.url}>
            <StatusDot state="unknown" label="" />
            <span className={styles['foundName']}>
              <span>{target.looksLike}</span>
              <span>{target.url.replace(/^https?:\/\//, '').replace(/\/metrics$/, '')}</span>
            </span>
            <Button loading={adding === target.url} disabled={adding !== null} onClick={() => void add(target)}>
              {t('found.add')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
