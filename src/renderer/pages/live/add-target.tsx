import { Button } from '@mantine/core';
import { IconCircleCheck, IconLock, IconX } from '@tabler/icons-react';
import { useMemo, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConfigEdit, ErrorDetail, FoundTarget, TestScrapeView } from '#shared/contract/index.ts';
import { formatDuration } from '#shared/model/index.ts';
import { errorDetail, useCore, useTopic } from '#renderer/data/index.ts';
import { NEW_JOB, openSettings } from '#renderer/frame/index.ts';
import { parseTargetUrl, suggestJobName } from '#renderer/target-url/index.ts';
import { ErrorNote, IconButton, KeyCap, keyName, MetricGlyph, useFormat, useFailureWords } from '#renderer/ui/index.ts';
import styles from './add.module.css';
import { FoundOnMachine } from './found-on-machine.tsx';
import { newJobForm } from './new-job.ts';
import { useTypedTest, type TypedTest } from './use-typed-test.ts';

/** Metrics listed in the preview. */
const PREVIEW = 12;

interface AddTargetProps {
  /** Null: the panel cannot be closed, because there is nothing else to show. */
  readonly onClose: (() => void) | null;
  readonly onAdded: (jobName: string) => void;
}

/** An address pasted whole, tried while it is typed, watched on Enter; and what else answers on this machine. */
export function AddTarget({ onClose, onAdded }: AddTargetProps) {
  const { t } = useTranslation('live');
  const core = useCore();
  const format = useFormat();
  const { data: config, error: configError } = useTopic('config', {});
  const [text, setText] = useState('');
  const [name, setName] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<ErrorDetail | null>(null);
  const jobNames = useMemo(() => new Set(config?.jobs.map((job) => job.form.jobName)), [config]);
  const parsed = useMemo(() => parseTargetUrl(text, 'default'), [text]);
  const jobName = name ?? (parsed.ok ? suggestJobName(parsed.url.address, jobNames) : '');
  const form = useMemo(() => (parsed.ok ? newJobForm(jobName, parsed.url) : null), [parsed, jobName]);
  const test = useTypedTest(form);
  const nameTaken = jobNames.has(jobName);
  const ready = form !== null && !nameTaken && jobName !== '' && config !== null && config.editable && !saving;

  const save = async (edits: readonly ConfigEdit[], first: string) => {
    setSaving(true);
    setError(null);
    try {
      const { version } = await core.request('config.get', {});
      await core.request('config.apply', { baseVersion: version, edits });
      setText('');
      setName(null);
      onAdded(first);
    } catch (failure) {
      setError(errorDetail(failure));
    } finally {
      setSaving(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) void save([{ type: 'add-job', form }], form.jobName);
  };
  const watchFound = (found: readonly FoundTarget[]) => {
    const taken = new Set(jobNames);
    const edits = found.flatMap((target): ConfigEdit[] => {
      const url = parseTargetUrl(target.url);
      if (!url.ok) return [];
      const job = suggestJobName(url.url.address, taken);
      taken.add(job);
      return [{ type: 'add-job', form: newJobForm(job, url.url) }];
    });
    const [first] = edits;
    if (first?.type === 'add-job') void save(edits, first.form.jobName);
  };

  return (
    <div className={styles['panel']}>
      <div className={styles['bar']}>
        <h2 className={styles['title']}>{t('add.title')}</h2>
        {onClose !== null && (
          <IconButton label={t('add.close')} onClick={onClose}>
            <IconX size={16} stroke={1.6} />
          </IconButton>
        )}
      </div>
      <div className={styles['scroll']}>
        <p className={styles['intro']}>{t('add.intro')}</p>
        <form className={styles['form']} onSubmit={onSubmit}>
          <label className={styles['label']}>
            {t('add.url')}
            <input
              className={styles['url']}
              value={text}
              placeholder={t('add.placeholder')}
              spellCheck={false}
              autoComplete="off"
              autoCapitalize="off"
              // Adding is what the panel was opened for.
              // oxlint-disable-next-line jsx-a11y/no-autofocus
              autoFocus
              onChange={(event) => setText(event.currentTarget.value)}
            />
          </label>
          <div className={styles['result']} aria-live="polite">
            {text.trim() !== '' && !parsed.ok && t('add.invalid')}
            {parsed.ok && <TestLine test={test} address={parsed.url.address} />}
          </div>
          <label className={styles['label']}>
            {t('add.name')}
            <input
              className={styles['name']}
              value={jobName}
              spellCheck={false}
              aria-invalid={nameTaken || undefined}
              onChange={(event) => setName(event.currentTarget.value === '' ? null : event.currentTarget.value)}
            />
          </label>
          {nameTaken && jobName !== '' && <p className={styles['problem']}>{t('add.nameTaken')}</p>}
          <div className={styles['submit']}>
            <Button
              type="submit"
              variant="filled"
              disabled={!ready}
              loading={saving}
              rightSection={<KeyCap>{keyName('↵')}</KeyCap>}
            >
              {t('add.watch')}
            </Button>
            {test.kind === 'done' && test.result.failure === null && config !== null && (
              <span className={styles['cost']}>
                {t('add.cost', {
                  interval: formatDuration(config.globalInterval),
                  size: format.value(test.result.bytesPerDay, 'bytes').text,
                })}
              </span>
            )}
          </div>
        </form>
        {error !== null && <ErrorNote error={error} />}
        {configError !== null && <ErrorNote error={configError} />}
        {config !== null && !config.editable && (
          <p className={styles['problem']}>{t('add.notEditable', { path: config.path })}</p>
        )}
        {test.kind === 'done' && test.result.metrics.length > 0 && <Preview result={test.result} />}
        <FoundOnMachine disabled={config === null || !config.editable || saving} onWatch={watchFound} />
        <p className={styles['stays']}>
          <IconLock size={14} stroke={1.6} aria-hidden /> {t('add.stays')}
        </p>
        <button
          type="button"
          className={styles['link']}
          onClick={() => openSettings(core.native, ['targets', NEW_JOB])}
        >
          {t('add.later')}
        </button>
      </div>
    </div>
  );
}

function TestLine({ test, address }: { readonly test: TypedTest; readonly address: string }): ReactNode {
  const { t } = useTranslation('live');
  const inWords = useFailureWords();
  const format = useFormat();
  switch (test.kind) {
    case 'idle':
      return null;
    case 'running':
      return <span>{t('add.testing')}</span>;
    case 'failed':
      return <ErrorNote error={test.error} />;
    case 'done': {
      const { failure, series, durationMillis, notes } = test.result;
      if (failure === null) {
        return (
          <span className={styles['good']}>
            <IconCircleCheck size={14} stroke={1.6} aria-hidden />
            {t('add.answers', { count: series, took: format.value(durationMillis / 1000, 'seconds').text })}
          </span>
        );
      }
      const words = inWords(failure, address);
      const remedy = notes.some(({ kind }) => kind === 'html') ? t('add.html') : `${words.remedy} ${words.reason}`;
      return (
        <span>
          <strong className={styles['bad']}>{words.cause}</strong> {remedy}
        </span>
      );
    }
  }
}

function Preview({ result }: { readonly result: TestScrapeView }) {
  const { t } = useTranslation('live');
  const format = useFormat();
  const { metrics } = result;
  return (
    <section className={styles['preview']}>
      <h3 className={styles['previewTitle']}>
        {t('add.preview')} <span>{t('add.previewNote', { count: metrics.length })}</span>
      </h3>
      <ul>
        {metrics.slice(0, PREVIEW).map((metric) => (
          <li key={metric.name} className={styles['previewRow']} title={metric.help}>
            <MetricGlyph type={metric.type} />
            <span className={styles['previewName']}>{metric.name}</span>
            <span className={styles['previewValue']}>
              {metric.value === null
                ? t('found.series', { count: metric.series })
                : format.value(metric.value, metric.name.endsWith('_bytes') ? 'bytes' : '').text}
            </span>
          </li>
        ))}
      </ul>
      {metrics.length > PREVIEW && (
        <p className={styles['more']}>{t('add.previewMore', { count: metrics.length - PREVIEW })}</p>
      )}
    </section>
  );
}
