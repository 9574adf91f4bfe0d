import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail, QualityFinding } from '#shared/contract/index.ts';
import { errorDetail, setIgnored, useCore } from '#renderer/data/index.ts';
import { openSettings } from '#renderer/frame/index.ts';
import { ErrorNote, Row, useFormat } from '#renderer/ui/index.ts';
import { useFindingWords } from './finding-words.ts';

import styles from './quality.module.css';

interface FindingDetailProps {
  readonly finding: QualityFinding;
  readonly ignored: boolean;
  readonly onApplied: () => void;
}

type Work =
  | { readonly state: 'idle' | 'busy' }
  /** Lines that the rule would add. */
  | { readonly state: 'preview'; readonly added: readonly string[] }
  /** With what kept it from being undone, once that was tried. */
  | { readonly state: 'applied'; readonly error: ErrorDetail | null }
  | { readonly state: 'failed'; readonly error: ErrorDetail };

/** Cause, cost, who reads it, and what can be done. */
export function FindingDetail({ finding, ignored, onApplied }: FindingDetailProps) {
  const { t } = useTranslation('quality');
  const format = useFormat();
  const core = useCore();
  const { title, why } = useFindingWords()(finding);
  const [work, setWork] = useState<Work>({ state: 'idle' });
  /** Id of the change that was made here. */
  const [change, setChange] = useState<string | null>(null);
  const { drop } = finding;
  const run = (action: () => Promise<Work>, failed: 'failed' | 'applied' = 'failed') => {
    setWork({ state: 'busy' });
    action().then(setWork, (error: unknown) => setWork({ state: failed, error: errorDetail(error) }));
  };
  const edits = drop === null ? [] : [{ type: 'drop-metrics' as const, jobName: drop.job, regex: drop.regex }];
  const preview = () =>
    run(async () => {
      const { version, text } = await core.request('config.get', {});
      const after = await core.request('config.preview', { baseVersion: version, edits });
      return { state: 'preview', added: addedLines(text, after.text) };
    });
  const apply = () =>
    run(async () => {
      const { version } = await core.request('config.get', {});
      const { lastChange } = await core.request('config.apply', { baseVersion: version, edits });
      setChange(lastChange);
      return { state: 'applied', error: null };
    });
  const undo = () =>
    run(async () => {
      if (change !== null) await core.request('config.undo', { change });
      onApplied();
      return { state: 'idle' };
    }, 'applied');
  return (
    <section className={styles['detail']} aria-label={title}>
      <h3>{title}</h3>
      <p className={styles['why']}>{why}</p>
      {finding.series > 0 && (
        <>
          <Row name={t('series')}>
            {t('seriesOf', { series: format.count(finding.series), of: format.count(finding.of) })}
          </Row>
          <Row name={t('cost')}>
            {t('costText', {
              rate: format.value(finding.samplesPerSecond, '').text,
              size: format.value(finding.bytesPerDay, 'bytes').text,
            })}
          </Row>
          <Row name={t('readBy')}>
            {finding.readers === 0 ? t('readers.nothing') : t('readers.queries', { count: finding.readers })}
          </Row>
        </>
      )}
      {drop !== null && (
        <>
          <h4>{t('rule')}</h4>
          <pre className={styles['rule']}>
            {work.state === 'preview' ? work.added.join('\n') : ruleText(drop.regex)}
          </pre>
        </>
      )}
      {(work.state === 'failed' || work.state === 'applied') && work.error !== null && <ErrorNote error={work.error} />}
      {work.state === 'applied' && (
        <p className={styles['applied']} role="status">
          {t('appliedNote', { job: finding.job })}
          <Button variant="subtle" onClick={undo}>
            {t('undo')}
          </Button>
        </p>
      )}
      <div className={styles['actions']}>
        {drop !== null && work.state !== 'applied' && (
          <>
            <Button variant="filled" disabled={work.state === 'busy'} onClick={apply}>
              {t('drop', { count: finding.series })}
            </Button>
            <Button disabled={work.state === 'busy'} onClick={preview}>
              {t('preview')}
            </Button>
          </>
        )}
        {drop === null && (
          <Button onClick={() => openSettings(core.native, ['discovery', finding.targetId])}>
            {t('lookAtTarget')}
          </Button>
        )}
        <Button variant="subtle" onClick={() => setIgnored(finding.id, !ignored)}>
          {t(ignored ? 'unignore' : 'ignore')}
        </Button>
      </div>
      {drop !== null && <p className={styles['stays']}>{t('stays')}</p>}
    </section>
  );
}

function ruleText(regex: string): string {
  return `metric_relabel_configs:\n- source_labels: [__name__]\n  regex: ${regex}\n  action: drop`;
}

/** Lines of the new text that the old one does not have at their place, with one before them. */
export function addedLines(before: string, after: string): readonly string[] {
  const old = before.split('\n');
  const lines = after.split('\n');
  let head = 0;
  while (head < old.length && old[head] === lines[head]) head++;
  let tail = 0;
  while (tail < old.length - head && old[old.length - 1 - tail] === lines[lines.length - 1 - tail]) tail++;
  return lines.slice(head, lines.length - tail);
}
