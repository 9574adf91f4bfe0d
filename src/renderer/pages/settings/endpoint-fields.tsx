import { Button, SegmentedControl } from '@mantine/core';
import { IconPlayerPlay, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { IconButton, KeyCap, modKey } from '#renderer/ui/index.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';
import { takePastedUrl, withAnotherTarget, withoutTarget, type EndpointDraft, type JobDraft } from './job-draft.ts';
import { formatTargetUrl, parseTargetUrl, suggestJobName } from '#renderer/target-url/index.ts';
import { TextField } from './text-field.tsx';

interface EndpointFieldsProps {
  readonly draft: JobDraft;
  readonly base: JobDraft | null;
  readonly otherJobs: ReadonlySet<string>;
  readonly problem: (field: 'endpoint' | 'path' | `address-${number}`) => string | null;
  readonly changed: boolean;
  readonly disabled: boolean;
  readonly testing: boolean;
  readonly onChange: (change: (draft: JobDraft) => JobDraft) => void;
  readonly onTest: () => void;
}

/** Where the metrics are: one URL, or several addresses that share the rest of it. */
export function EndpointFields(props: EndpointFieldsProps) {
  return props.draft.endpoint.kind === 'one' ? <OneUrl {...props} /> : <SeveralAddresses {...props} />;
}

/** The name that fits a draft's address, `''` while there is none. */
function suggestedName(draft: JobDraft, taken: ReadonlySet<string>): string {
  if (draft.endpoint.kind !== 'one') return '';
  const parsed = parseTargetUrl(draft.endpoint.url);
  return parsed.ok ? suggestJobName(parsed.url.address, taken) : '';
}

/**
 * A change of a new job's URL, with the name going along while nobody gave one. It goes along with each keystroke and
 * not when the field is left: by then a person may have the caret in the name.
 */
function renamed(before: JobDraft, after: JobDraft, base: JobDraft | null, taken: ReadonlySet<string>): JobDraft {
  const given = before.jobName.trim() !== '' && before.jobName !== suggestedName(before, taken);
  return base !== null || given ? after : { ...after, jobName: suggestedName(after, taken) };
}

function OneUrl({
  draft,
  base,
  otherJobs,
  problem,
  changed,
  disabled,
  testing,
  onChange,
  onTest,
}: EndpointFieldsProps) {
  const { t } = useTranslation('settings');
  const url = draft.endpoint.kind === 'one' ? draft.endpoint.url : '';
  const wrong = problem('endpoint');
  return (
    <FormRow label={t('endpoint.url')} problem={wrong}>
      {({ input, description }) => (
        <div className={styles.line}>
          <TextField
            id={input}
            describedBy={description}
            className={styles.grow}
            value={url}
            placeholder={t('endpoint.urlExample')}
            autoFocus={base === null}
            onChange={(next) =>
              onChange((current) =>
                renamed(current, { ...current, endpoint: { kind: 'one', url: next } }, base, otherJobs),
              )
            }
            onPaste={(text) => {
              const pasted = takePastedUrl(draft, text);
              if (pasted === null) return false;
              onChange((current) => renamed(current, takePastedUrl(current, text) ?? current, base, otherJobs));
              return true;
            }}
            onBlur={() => {
              if (url.trim() !== '') onChange(completed);
            }}
            changed={changed}
            invalid={wrong !== null}
            disabled={disabled}
          />
          <TestButton testing={testing} disabled={wrong !== null || url.trim() === ''} onTest={onTest} />
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconPlus size={14} stroke={1.6} />}
            disabled={disabled || wrong !== null || url.trim() === ''}
            onClick={() => onChange((current) => ({ ...current, endpoint: withAnotherTarget(current.endpoint) }))}
          >
            {t('endpoint.another')}
          </Button>
        </div>
      )}
    </FormRow>
  );
}

/** The URL written out, with what was left out put in: `9100` becomes `http://localhost:9100/metrics`. */
function completed(draft: JobDraft): JobDraft {
  if (draft.endpoint.kind !== 'one') return draft;
  const parsed = parseTargetUrl(draft.endpoint.url);
  if (!parsed.ok) return draft;
  if (parsed.url.user !== null) return takePastedUrl(draft, draft.endpoint.url) ?? draft;
  return { ...draft, endpoint: { kind: 'one', url: formatTargetUrl(parsed.url) } };
}

export function TestButton(props: {
  readonly testing: boolean;
  readonly disabled: boolean;
  readonly onTest: () => void;
}) {
  const { t } = useTranslation('settings');
  return (
    <Button
      leftSection={<IconPlayerPlay size={14} stroke={1.6} />}
      rightSection={<KeyCap>{modKey('T')}</KeyCap>}
      loading={props.testing}
      disabled={props.disabled}
      onClick={props.onTest}
    >
      {t('test.run')}
    </Button>
  );
}

function SeveralAddresses({ draft, problem, changed, disabled, testing, onChange, onTest }: EndpointFieldsProps) {
  const { t } = useTranslation('settings');
  if (draft.endpoint.kind !== 'several') return null;
  const { addresses, scheme, path, params } = draft.endpoint;
  const setEndpoint = (change: (endpoint: Extract<EndpointDraft, { kind: 'several' }>) => EndpointDraft): void =>
    onChange((current) =>
      current.endpoint.kind === 'several' ? { ...current, endpoint: change(current.endpoint) } : current,
    );
  return (
    <>
      <FormRow group label={t('endpoint.targets')} problem={problem('endpoint')} hint={t('endpoint.sharedHint')}>
        {() => (
          <div className={styles.rows}>
            {addresses.map((address, i) => (
              // An address has no identity but its place; editing must not lose the focus.
              // oxlint-disable-next-line react/no-array-index-key
              <div key={i}>
                <div className={styles.line}>
                  <TextField
                    label={t('endpoint.targetNumber', { number: i + 1 })}
                    className={styles.grow}
                    value={address}
                    placeholder="host:port"
                    autoFocus={address === '' && i > 0}
                    onChange={(next) =>
                      setEndpoint((endpoint) => ({ ...endpoint, addresses: endpoint.addresses.with(i, next) }))
                    }
                    changed={changed}
                    invalid={problem(`address-${i}`) !== null}
                    disabled={disabled}
                  />
                  <IconButton
                    label={t('endpoint.removeTarget', { address })}
                    disabled={disabled}
                    onClick={() => setEndpoint((endpoint) => withoutTarget(endpoint, i))}
                  >
                    <IconX size={14} stroke={1.6} />
                  </IconButton>
                </div>
                {problem(`address-${i}`) !== null && (
                  <p className={styles.problem} role="alert">
                    {problem(`address-${i}`)}
                  </p>
                )}
              </div>
            ))}
            <div className={styles.line}>
              <Button
                variant="subtle"
                color="gray"
                leftSection={<IconPlus size={14} stroke={1.6} />}
                disabled={disabled}
                onClick={() => setEndpoint(withAnotherTarget)}
              >
                {t('endpoint.another')}
              </Button>
              <TestButton testing={testing} disabled={addresses.every((a) => a.trim() === '')} onTest={onTest} />
            </div>
          </div>
        )}
      </FormRow>
      <FormRow label={t('endpoint.path')} problem={problem('path')}>
        {({ input, description }) => (
          <div className={styles.line}>
            <SegmentedControl
              aria-label={t('endpoint.scheme')}
              data={['http', 'https']}
              value={scheme}
              disabled={disabled}
              onChange={(next) => setEndpoint((endpoint) => ({ ...endpoint, scheme: next }))}
            />
            <TextField
              id={input}
              describedBy={description}
              className={styles.grow}
              value={path}
              placeholder="/metrics"
              onChange={(next) => setEndpoint((endpoint) => ({ ...endpoint, path: next }))}
              changed={changed}
              invalid={problem('path') !== null}
              disabled={disabled}
            />
          </div>
        )}
      </FormRow>
      {params.length > 0 && (
        <FormRow group label={t('endpoint.params')}>
          {() => (
            <div className={styles.rows}>
              {params.map(([name, value], i) => (
                // oxlint-disable-next-line react/no-array-index-key
                <div key={i} className={styles.line}>
                  <span className={`num ${styles.name}`}>{name}</span>
                  <TextField
                    label={t('endpoint.paramValue', { name })}
                    className={styles.grow}
                    value={value}
                    onChange={(next) =>
                      setEndpoint((endpoint) => ({ ...endpoint, params: endpoint.params.with(i, [name, next]) }))
                    }
                    changed={changed}
                    invalid={false}
                    disabled={disabled}
                  />
                  <IconButton
                    label={t('endpoint.removeParam', { name })}
                    disabled={disabled}
                    onClick={() =>
                      setEndpoint((endpoint) => ({ ...endpoint, params: endpoint.params.filter((_, at) => at !== i) }))
                    }
                  >
                    <IconX size={14} stroke={1.6} />
                  </IconButton>
                </div>
              ))}
            </div>
          )}
        </FormRow>
      )}
    </>
  );
}
