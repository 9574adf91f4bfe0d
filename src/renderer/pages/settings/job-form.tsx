import { Checkbox, SegmentedControl } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { ConfigView } from '#shared/contract/index.ts';
import { formatDuration, parseDuration } from '#shared/model/index.ts';
import { formatCount, formatValue } from '#renderer/ui/index.ts';
import { AccessFields } from './access-fields.tsx';
import { ConnectionFields } from './connection-fields.tsx';
import { changedFields, type ChangedField } from './draft-changes.ts';
import type { DraftProblem, DraftProblems, ProblemField } from './draft-problems.ts';
import type { JobEditing } from './editing-store.ts';
import { EndpointFields } from './endpoint-fields.tsx';
import { FormRow, FormSection } from './form-row.tsx';
import { FormatFields } from './format-fields.tsx';
import styles from './form.module.css';
import { EMPTY_DRAFT, type JobDraft } from './job-draft.ts';
import type { JobRow } from './job-health.ts';
import { GroupFields } from './group-fields.tsx';
import { DiscoveryFields } from './discovery-fields.tsx';
import { labelWords } from './label-words.ts';
import { PairRows } from './pair-rows.tsx';
import { RelabelFields } from './relabel-fields.tsx';
import { seriesEffects, targetEffects, type TestedRules } from './rule-effects.ts';
import { TextField } from './text-field.tsx';

interface JobFormProps {
  readonly editing: JobEditing;
  readonly problems: DraftProblems;
  readonly view: ConfigView;
  readonly row: JobRow | null;
  readonly disabled: boolean;
  readonly testing: boolean;
  /** Of the last test scrape; null before there was one. */
  readonly tested: TestedRules | null;
  readonly onChange: (change: (draft: JobDraft) => JobDraft) => void;
  readonly onTest: () => void;
  readonly looking: boolean;
  /** Looks for the targets that the draft's discovery finds. */
  readonly onLook: () => void;
}

const LIMITS = [
  'sampleLimit',
  'bodySizeLimit',
  'targetLimit',
  'labelLimit',
  'labelNameLengthLimit',
  'labelValueLengthLimit',
] as const;

/** Problems that only mean "not filled in yet" wait until saving is tried. */
const EMPTY_KINDS: ReadonlySet<DraftProblem['kind']> = new Set([
  'name-empty',
  'no-targets',
  'label-name-empty',
  'username-empty',
  'secret-empty',
  'setting-empty',
]);

function isEmptiness(problem: DraftProblem): boolean {
  return EMPTY_KINDS.has(problem.kind) || (problem.kind === 'url' && problem.problem === 'empty');
}

export function problemText(t: TFunction<'settings'>, problem: DraftProblem): string {
  switch (problem.kind) {
    case 'url':
      return t(`problem.url.${problem.problem}`);
    case 'timeout-over-interval':
      return t('problem.timeout-over-interval', {
        timeout: formatDuration(problem.timeout),
        interval: formatDuration(problem.interval),
      });
    case 'name-taken':
    case 'label-twice':
      return t(`problem.${problem.kind}`, { name: problem.name });
    case 'address':
    case 'address-twice':
      return t(`problem.${problem.kind}`, { address: problem.address });
    case 'path':
      return t('problem.path', { path: problem.path });
    case 'setting-empty':
      return t('problem.setting-empty', { key: problem.key });
    case 'duration':
    case 'number':
    case 'size':
      return t(`problem.${problem.kind}`, { text: problem.text });
    case 'name-empty':
    case 'no-targets':
    case 'label-name-empty':
    case 'username-empty':
    case 'secret-empty':
      return t(`problem.${problem.kind}`);
  }
}

export function JobForm(props: JobFormProps) {
  const { editing, problems, view, row, disabled, testing, tested, looking, onChange, onTest, onLook } = props;
  const { t, i18n } = useTranslation('settings');
  const { draft, base, attempted } = editing;
  const changes = useMemo(() => changedFields(base ?? EMPTY_DRAFT, draft), [base, draft]);
  const changed = (field: ChangedField): boolean => changes.has(field);
  const problem = (field: ProblemField): string | null => {
    const found = problems.get(field);
    return found === undefined || (!attempted && isEmptiness(found)) ? null : problemText(t, found);
  };
  const otherJobs = useMemo(
    () => new Set(view.jobs.map((job) => job.form.jobName).filter((name) => name !== base?.jobName)),
    [view, base],
  );
  const set = (change: Partial<JobDraft>): void => onChange((current) => ({ ...current, ...change }));
  const field = (name: 'jobName' | 'scrapeInterval' | 'scrapeTimeout' | (typeof LIMITS)[number]) => ({
    value: draft[name],
    onChange: (value: string) => set({ [name]: value }),
    changed: changed(name),
    invalid: problem(name) !== null,
    disabled,
  });
  return (
    <form
      autoComplete="off"
      noValidate
      onSubmit={(event) => {
        // Enter in a field tests; saving is its own key, so that nothing is saved by accident.
        event.preventDefault();
        onTest();
      }}
    >
      <FormSection title={t('form.endpoint')}>
        <FormRow label={t('form.name')} problem={problem('jobName')}>
          {({ input, description }) => (
            <TextField id={input} describedBy={description} mono={false} {...field('jobName')} />
          )}
        </FormRow>
        <EndpointFields
          {...{ draft, base, otherJobs, problem, disabled, testing, onChange, onTest }}
          changed={changed('endpoint')}
        />
        <GroupFields
          groups={draft.moreGroups}
          changed={changed('moreGroups')}
          disabled={disabled}
          canAdd={
            base !== null &&
            (draft.moreGroups.length > 0 || base.endpoint.kind === 'one' || base.endpoint.addresses.length > 0)
          }
          onChange={(moreGroups) => set({ moreGroups })}
        />
        <FormRow label={t('form.interval')} problem={problem('scrapeInterval') ?? problem('scrapeTimeout')}>
          {({ input, description }) => (
            <div className={styles.line}>
              <TextField
                id={input}
                describedBy={description}
                className={styles.short}
                placeholder={formatDuration(view.globalInterval)}
                {...field('scrapeInterval')}
              />
              <label htmlFor={`${input}-timeout`} className={styles.quiet}>
                {t('form.timeout')}
              </label>
              <TextField
                id={`${input}-timeout`}
                describedBy={description}
                className={styles.short}
                placeholder={formatDuration(view.globalTimeout)}
                {...field('scrapeTimeout')}
              />
              <SamplesPerSecond draft={draft} view={view} row={row} />
            </div>
          )}
        </FormRow>
      </FormSection>
      <FormSection title={t('sd.title')} note={t('sd.note')}>
        <DiscoveryFields
          {...{ draft, base, otherJobs, problem, disabled, looking, onChange, onLook }}
          changed={changed('discovery')}
        />
      </FormSection>
      <FormSection title={t('form.access')}>
        <AccessFields
          {...{ draft, base, disabled, onChange }}
          changed={changed('auth')}
          tlsChanged={changed('insecureSkipVerify')}
          usernameProblem={problem('username')}
          secretProblem={problem('secret')}
        />
      </FormSection>
      <FormSection title={t('form.connection')} note={t('form.connectionNote')}>
        <ConnectionFields {...{ draft, disabled, changed, set }} />
      </FormSection>
      <FormSection title={t('form.format')}>
        <FormatFields {...{ draft, disabled, changed, set }} />
      </FormSection>
      <FormSection title={t('form.labels')}>
        <LabelRows {...{ draft, disabled, problem, changed, set }} />
      </FormSection>
      <FormSection title={t('form.relabel')}>
        <RelabelFields
          label={t('relabel.targets')}
          rules={draft.relabelRules}
          changed={changed('relabelRules')}
          disabled={disabled}
          effects={targetEffects(t, draft.relabelRules, tested)}
          onChange={(relabelRules) => set({ relabelRules })}
        />
        <RelabelFields
          label={t('relabel.series')}
          rules={draft.metricRelabelRules}
          changed={changed('metricRelabelRules')}
          disabled={disabled}
          effects={seriesEffects(t, draft.metricRelabelRules, tested)}
          onChange={(metricRelabelRules) => set({ metricRelabelRules })}
        />
      </FormSection>
      <FormSection title={t('form.limits')} note={t('form.limitsNote')}>
        <FormRow label={t('form.sampleLimit')} problem={problem('sampleLimit') ?? problem('bodySizeLimit')}>
          {({ input, description }) => (
            <div className={styles.line}>
              <TextField
                id={input}
                describedBy={description}
                className={styles.short}
                placeholder={t('form.noLimit')}
                {...field('sampleLimit')}
              />
              <label htmlFor={`${input}-body`} className={styles.quiet}>
                {t('form.bodyLimit')}
              </label>
              <TextField
                id={`${input}-body`}
                describedBy={description}
                className={styles.short}
                placeholder={t('form.noLimit')}
                {...field('bodySizeLimit')}
              />
              {typeof row?.shown?.lastSamples === 'number' && (
                <span className={styles.quiet}>
                  {t('form.limitsNow', {
                    samples: formatCount(row.shown.lastSamples, i18n.language),
                    body: formatValue(row.shown.lastBodyBytes, 'bytes', i18n.language).text,
                  })}
                </span>
              )}
            </div>
          )}
        </FormRow>
        <FormRow label={t('form.moreLimits')} group>
          {() => (
            <div className={styles.line}>
              {LIMITS.slice(2).map((name) => (
                <label key={name} className={styles.ruleField}>
                  <span className={styles.quiet}>{t(`form.${name}`)}</span>
                  <TextField className={styles.short} placeholder={t('form.noLimit')} {...field(name)} />
                </label>
              ))}
            </div>
          )}
        </FormRow>
        <FormRow label={t('form.importance')} group hint={t('form.importanceHint')}>
          {({ description }) => (
            <SegmentedControl
              aria-label={t('form.importance')}
              aria-describedby={description}
              data={(['low', 'normal', 'high'] as const).map((value) => ({ value, label: t(`importance.${value}`) }))}
              value={draft.importance}
              disabled={disabled}
              className={changed('importance') ? styles.changed : undefined}
              onChange={(importance) => set({ importance })}
            />
          )}
        </FormRow>
        <FormRow label={t('form.keep')} group>
          {() => (
            <div className={styles.line}>
              <Checkbox
                label={t('form.honorLabels')}
                checked={draft.honorLabels}
                disabled={disabled}
                className={changed('honorLabels') ? styles.changed : undefined}
                onChange={(event) => set({ honorLabels: event.currentTarget.checked })}
              />
              <Checkbox
                label={t('form.honorTimestamps')}
                checked={draft.honorTimestamps}
                disabled={disabled}
                className={changed('honorTimestamps') ? styles.changed : undefined}
                onChange={(event) => set({ honorTimestamps: event.currentTarget.checked })}
              />
            </div>
          )}
        </FormRow>
      </FormSection>
    </form>
  );
}

/** What the interval means: the samples of the last scrape, spread over it. */
function SamplesPerSecond({ draft, view, row }: Pick<JobFormProps, 'view' | 'row'> & { readonly draft: JobDraft }) {
  const { t, i18n } = useTranslation('settings');
  const interval =
    draft.scrapeInterval.trim() === '' ? view.globalInterval : parseDuration(draft.scrapeInterval.trim());
  const samples = row?.targets.reduce((sum, target) => sum + (target.lastSamples ?? 0), 0) ?? 0;
  if (interval === null || interval === 0 || samples === 0) return null;
  const rate = formatValue((samples / interval) * 1000, '', i18n.language).text;
  return <span className={styles.quiet}>{t('form.samplesPerSecond', { rate })}</span>;
}

interface LabelRowsProps {
  readonly draft: JobDraft;
  readonly disabled: boolean;
  readonly problem: (field: ProblemField) => string | null;
  readonly changed: (field: ChangedField) => boolean;
  readonly set: (change: Partial<JobDraft>) => void;
}

function LabelRows({ draft, disabled, problem, changed, set }: LabelRowsProps) {
  const { t } = useTranslation('settings');
  return (
    <FormRow label={t('label.title')} group>
      {() => (
        <PairRows
          pairs={draft.labels.map(({ name, value }) => [name, value])}
          onChange={(pairs) => set({ labels: pairs.map(([name, value]) => ({ name, value })) })}
          disabled={disabled}
          changed={(i) => changed(`label-${i}`)}
          removed={changed('labels-removed')}
          problem={(i) => problem(`label-${i}`)}
          words={labelWords(t)}
        />
      )}
    </FormRow>
  );
}
