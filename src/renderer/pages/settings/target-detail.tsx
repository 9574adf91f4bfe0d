import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HearthError, type ErrorDetail, type TargetBodyView, type TargetView } from '#shared/contract/index.ts';
import { formatDuration } from '#shared/model/index.ts';
import { errorDetail, useCore } from '#renderer/data/index.ts';
import { routeTo } from '#renderer/frame/index.ts';
import { copyText, ErrorNote, formatAge, StatusDot, useFailureWords, useFormat, useNow } from '#renderer/ui/index.ts';
import styles from './discovery.module.css';
import { FormSection } from './form-row.tsx';
import { jobAddress } from './job-address.ts';
import { LabelTable, RelabelSteps } from './relabel-steps.tsx';

/** One target: how it is, where its labels come from, what it answers. */
export function TargetDetail({ target }: { readonly target: TargetView }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const now = useNow();
  const inWords = useFailureWords();
  const words = target.lastError === null ? null : inWords(target.lastError, target.url);
  return (
    <div className={styles.detail}>
      <header className={styles.head}>
        <h2 className="num">
          <StatusDot state={target.health} /> {target.builtin ? target.name : target.url}
        </h2>
        {words !== null && (
          <p className={styles.failed}>
            <strong>{words.cause}</strong> {words.remedy} <span className="num">{target.lastError?.message}</span>
          </p>
        )}
        <dl className={styles.facts}>
          <Fact name={t('status.lastScrape')}>
            {target.lastScrape === null ? t('noValue') : t('ago', { age: formatAge(now - target.lastScrape, 1) })}
          </Fact>
          <Fact name={t('status.took')}>
            {format.value(target.lastDuration === null ? null : target.lastDuration / 1000, 'seconds').text}
          </Fact>
          <Fact name={t('status.samples')}>
            {target.lastSamples === null ? t('noValue') : format.count(target.lastSamples)}
          </Fact>
          <Fact name={t('test.body')}>{format.value(target.lastBodyBytes, 'bytes').text}</Fact>
          <Fact name={t('form.interval')}>{formatDuration(target.interval)}</Fact>
          <Fact name={t('form.timeout')}>{formatDuration(target.timeout)}</Fact>
        </dl>
        <p className={styles.links}>
          <a href={routeTo(['live', target.id])}>{t('discovery.live')}</a>
          {!target.builtin && <a href={jobAddress(target.job)}>{t('discovery.edit')}</a>}
        </p>
      </header>
      <FormSection title={t('discovery.labels')}>
        <div className={styles.pair}>
          <LabelTable labels={target.discoveredLabels} title={t('discovery.before')} />
          <LabelTable labels={target.labels} title={t('discovery.after')} />
        </div>
      </FormSection>
      <FormSection title={t('discovery.steps')}>
        <RelabelSteps job={target.job} discovered={target.discoveredLabels} />
      </FormSection>
      <Body targetId={target.id} />
    </div>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

type Answer =
  | { readonly state: 'none' | 'asking' }
  | { readonly state: 'there'; readonly body: TargetBodyView }
  | { readonly state: 'failed'; readonly error: ErrorDetail };

/** What the target answers, asked for by a click: bodies of scrapes are not kept. */
function Body({ targetId }: { readonly targetId: string }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const core = useCore();
  const [answer, setAnswer] = useState<Answer>({ state: 'none' });
  const ask = () => {
    setAnswer({ state: 'asking' });
    core.request('targets.body', { targetId }).then(
      (body) => setAnswer({ state: 'there', body }),
      (error: unknown) =>
        setAnswer({ state: 'failed', error: error instanceof HearthError ? error.detail : errorDetail(error) }),
    );
  };
  const body = answer.state === 'there' ? answer.body : null;
  return (
    <FormSection title={t('discovery.body')}>
      <div className={styles.bodyBar}>
        <Button loading={answer.state === 'asking'} onClick={ask}>
          {t(body === null ? 'discovery.showBody' : 'discovery.again')}
        </Button>
        {body !== null && body.text !== '' && (
          <Button variant="subtle" onClick={() => void copyText(body.text)}>
            {t('discovery.copy')}
          </Button>
        )}
        {body !== null && body.failure === null && (
          <span className={styles.quiet}>
            {t('discovery.bodyNote', {
              size: format.value(body.bytes, 'bytes').text,
              took: format.value(body.millis / 1000, 'seconds').text,
              format: body.format ?? '',
            })}
          </span>
        )}
      </div>
      {answer.state === 'failed' && <ErrorNote error={answer.error} />}
      {body !== null && body.failure !== null && <p className={styles.failed}>{body.failure.message}</p>}
      {body !== null && body.failure === null && body.text === '' && (
        <p className={styles.quiet}>{t('discovery.binary')}</p>
      )}
      {body !== null && body.text !== '' && (
        <pre className={styles.body} tabIndex={0} aria-label={t('discovery.body')}>
          {body.text}
        </pre>
      )}
      {body?.cut === true && <p className={styles.quiet}>{t('discovery.cut')}</p>}
    </FormSection>
  );
}
