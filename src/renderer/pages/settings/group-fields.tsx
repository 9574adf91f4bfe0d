import { Button } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TargetGroupForm } from '#shared/contract/index.ts';
import { IconButton } from '#renderer/ui/index.ts';
import { FormRow } from './form-row.tsx';
import styles from './form.module.css';
import { labelWords } from './label-words.ts';
import { PairRows } from './pair-rows.tsx';
import { TextField } from './text-field.tsx';

interface GroupFieldsProps {
  readonly groups: readonly TargetGroupForm[];
  readonly changed: boolean;
  readonly disabled: boolean;
  /** There is a first group already. */
  readonly canAdd: boolean;
  readonly onChange: (groups: readonly TargetGroupForm[]) => void;
}

/** The groups of targets after the first: those that carry labels of their own. */
export function GroupFields({ groups, changed, disabled, canAdd, onChange }: GroupFieldsProps) {
  const { t } = useTranslation('settings');
  const groupRows = groups.map((group, i) => (
    // A group has no identity but its place.
    // oxlint-disable-next-line react/no-array-index-key
    <FormRow key={i} group label={t('groups.title', { number: i + 2 })} hint={i === 0 ? t('groups.hint') : undefined}>
      {() => (
        <div className={styles.rule}>
          <div className={styles.single}>
            <TextField
              label={t('groups.targets')}
              className={styles.grow}
              placeholder="host:port"
              value={group.targets.join(',')}
              onChange={(text) => onChange(groups.with(i, { ...group, targets: text === '' ? [] : text.split(',') }))}
              changed={changed}
              invalid={false}
              disabled={disabled}
            />
            <IconButton
              label={t('groups.remove', { number: i + 2 })}
              disabled={disabled}
              onClick={() => onChange(groups.filter((_, at) => at !== i))}
            >
              <IconX size={14} stroke={1.6} />
            </IconButton>
          </div>
          <PairRows
            pairs={group.labels}
            onChange={(labels) => onChange(groups.with(i, { ...group, labels }))}
            disabled={disabled}
            changed={() => changed}
            words={labelWords(t)}
          />
        </div>
      )}
    </FormRow>
  ));
  return (
    <>
      {groupRows}
      {canAdd && (
        <FormRow group label="">
          {() => (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconPlus size={14} stroke={1.6} />}
              disabled={disabled}
              onClick={() => onChange([...groups, { targets: [], labels: [] }])}
            >
              {t('groups.add')}
            </Button>
          )}
        </FormRow>
      )}
    </>
  );
}
