import { Button, Checkbox } from '@mantine/core';
import { IconRefresh, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail, FoundTarget, MethodResults } from '#shared/contract/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { ErrorNote, useFormat } from '#renderer/ui/index.ts';
import styles from './add.module.css';

type Search =
  | { readonly state: 'idle' }
  | { readonly state: 'looking' }
  | { readonly state: 'done'; readonly result: MethodResults['targets.find'] }
  | { readonly state: 'failed'; readonly error: ErrorDetail };

interface FoundOnMachineProps {
  readonly disabled: boolean;
  readonly onWatch: (found: readonly FoundTarget[]) => void;
}

/** What answers on this machine. Ports are tried only when asked to. */
export function FoundOnMachine({ disabled, onWatch }: FoundOnMachineProps) {
  const { t } = useTranslation('live');
  const core = useCore();
  const [search, setSearch] = useState<Search>({ state: 'idle' });
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const look = () => {
    setSearch({ state: 'looking' });
    core.request('targets.find', {}).then(
      (result) => setSearch({ state: 'done', result }),
      (error: unknown) => setSearch({ state: 'failed', error: errorDetail(error) }),
    );
  };
  const toggle = (url: string) => {
    const next = new Set(left);
    if (!next.delete(url)) next.add(url);
    setLeft(next);
  };
  const found = search.state === 'done' ? search.result.found : [];
  const chosen = found.filter(({ url, watchedBy }) => watchedBy === null && !left.has(url));
  return (
    <section className={styles['found']}>
      <div className={styles['foundBar']}>
        <h3 className={styles['foundTitle']}>{t('found.title')}</h3>
        <Button
          variant="subtle"
          color="pilot"
          loading={search.state === 'looking'}
          onClick={look}
          leftSection={
            search.state === 'idle' ? <IconSearch size={14} stroke={1.6} /> : <IconRefresh size={14} stroke={1.6} />
          }
        >
          {t(search.state === 'idle' ? 'found.look' : 'found.again')}
        </Button>
      </div>
      {search.state === 'idle' && <p className={styles['quiet']}>{t('found.explain')}</p>}
      {search.state === 'failed' && <ErrorNote error={search.error} />}
      {search.state === 'done' && <Summary result={search.result} />}
      <ul>
        {found.map((target) => (
          <FoundRow
            key={target.url}
            target={target}
            checked={target.watchedBy === null && !left.has(target.url)}
            onToggle={() => toggle(target.url)}
          />
        ))}
      </ul>
      {found.some(({ watchedBy }) => watchedBy === null) && (
        <Button
          variant="filled"
          className={styles['watchFound']}
          disabled={disabled || chosen.length === 0}
          onClick={() => onWatch(chosen)}
        >
          {t('found.watch', { count: chosen.length })}
        </Button>
      )}
    </section>
  );
}

function Summary({ result }: { readonly result: MethodResults['targets.find'] }) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const took = format.value(result.millis / 1000, 'seconds').text;
  const values = { count: result.found.length, ports: result.portsChecked, took };
  return (
    <p className={styles['quiet']}>
      {result.found.length === 0 ? t('found.nothing', values) : t('found.summary', values)}
    </p>
  );
}

interface FoundRowProps {
  readonly target: FoundTarget;
  readonly checked: boolean;
  readonly onToggle: () => void;
}

function FoundRow({ target, checked, onToggle }: FoundRowProps) {
  const { t } = useTranslation('live');
  const address = target.url.replace(/^https?:\/\//, '').replace(/\/metrics$/, '');
  return (
    <li className={styles['foundRow']}>
      <Checkbox
        checked={checked}
        disabled={target.watchedBy !== null}
        onChange={onToggle}
        label={
          <span className={styles['foundLabel']}>
            <strong>{target.looksLike}</strong>
            <span className="num">{address}</span>
          </span>
        }
      />
      <span className={styles['foundNote']}>
        {target.watchedBy === null
          ? t('found.series', { count: target.series })
          : t('found.watched', { job: target.watchedBy })}
      </span>
    </li>
  );
}
