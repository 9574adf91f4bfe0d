import { Button, NativeSelect } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KubeContextsView } from '#shared/contract/index.ts';
import { useCore } from '#renderer/data/index.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';
import { TextField } from './text-field.tsx';

const AFTER_MILLIS = 300;

/** What a kubeconfig file describes; null until that is known. */
function useKubeContexts(path: string): KubeContextsView | null {
  const core = useCore();
  const [known, setKnown] = useState<{ readonly path: string; readonly view: KubeContextsView } | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    const timer = window.setTimeout(() => {
      core.request('targets.kubeContexts', { path: path.trim() }, { signal: controller.signal }).then(
        (view) => setKnown({ path, view }),
        // Without the core nothing can be saved either, and that is told.
        () => undefined,
      );
    }, AFTER_MILLIS);
    return () => {
      window.clearTimeout(timer);
      controller.abort();
    };
  }, [core, path]);
  return known?.path === path ? known.view : null;
}

interface KubeFileFieldProps {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly value: string;
  readonly changed: boolean;
  readonly invalid: boolean;
  readonly disabled: boolean;
  readonly onChange: (path: string) => void;
}

/** Path of a kubeconfig file; offers the one that Kubernetes' own tools take. */
export function KubeFileField(props: KubeFileFieldProps) {
  const { t } = useTranslation('settings');
  const { value, disabled, onChange } = props;
  const view = useKubeContexts(value);
  const offered = value === '' && view !== null && view.problem === null ? view : null;
  return (
    <div className={styles.line}>
      <TextField {...props} className={styles.grow} placeholder={view?.path ?? ''} />
      {offered !== null && (
        <Button disabled={disabled} onClick={() => onChange(offered.path)}>
          {t('kube.use', { path: offered.path, count: offered.contexts.length })}
        </Button>
      )}
      {value !== '' && view !== null && view.problem !== null && (
        <p className={styles.problem} role="alert">
          {view.problem}
        </p>
      )}
    </div>
  );
}

interface KubeContextFieldProps {
  readonly path: string;
  readonly value: string;
  readonly disabled: boolean;
  readonly onChange: (context: string) => void;
}

/** Which cluster of the file is meant: Hearth keeps that in hearth.yml, since prometheus.yml has no word for it. */
export function KubeContextField({ path, value, disabled, onChange }: KubeContextFieldProps) {
  const { t } = useTranslation('settings');
  const view = useKubeContexts(path);
  if (path === '' || view === null || view.problem !== null) return null;
  const chosen = view.contexts.find(({ name }) => name === (value === '' ? view.current : value));
  return (
    <FormRow
      label={t('kube.context')}
      hint={
        chosen === undefined ? undefined : t(chosen.program === '' ? 'kube.server' : 'kube.byProgram', { ...chosen })
      }
    >
      {({ input, description }) => (
        <NativeSelect
          id={input}
          aria-describedby={description}
          size="xs"
          data={[
            { value: '', label: t('kube.current', { name: view.current }) },
            ...view.contexts.map(({ name }) => ({ value: name, label: name })),
          ]}
          value={value}
          disabled={disabled}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </FormRow>
  );
}
