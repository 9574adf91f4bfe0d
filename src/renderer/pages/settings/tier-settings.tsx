import { Button, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StorageForm } from '#shared/contract/index.ts';
import { parseDuration } from '#shared/model/index.ts';
import { ErrorNote } from '#renderer/ui/index.ts';
import { ChangesPanel } from './changes-panel.tsx';
import { FormRow, FormSection } from './form-row.tsx';
import styles from './form.module.css';
import { TextField } from './text-field.tsx';
import { useStorageEdit } from './use-storage-edit.ts';

type Tier = StorageForm['tiers'][number];

const MINUTE = 60_000;
const DAY = 86_400_000;
/** What is offered first, and then. */
const OFFERED: readonly Tier[] = [
  { resolution: '5m', keep: '180d' },
  { resolution: '1h', keep: '5y' },
];

function isResolution(text: string): boolean {
  const millis = parseDuration(text.trim());
  return millis !== null && millis >= MINUTE && DAY % millis === 0;
}

/** Downsampled tiers: how long the buckets of each length are kept, and whether queries read them. */
export function TierSettings() {
  const { t } = useTranslation('settings');
  const storage = useStorageEdit(['tiers', 'useTiers']);
  const { value, base, editable, changed, conflict, saving, failure, edit, discard, save, view, editOf } = storage;
  const { tiers, useTiers } = value;
  const problemOf = ({ resolution, keep }: Tier, at: number): string | null => {
    if (!isResolution(resolution)) return t('storage.badResolution', { text: resolution });
    const twice = tiers.findIndex((other) => parseDuration(other.resolution) === parseDuration(resolution));
    if (twice < at) return t('storage.twiceResolution', { text: resolution });
    return parseDuration(keep.trim()) === null ? t('problem.duration', { text: keep }) : null;
  };
  const tidy = tiers.map(({ resolution, keep }) => ({ resolution: resolution.trim(), keep: keep.trim() }));
  const valid = tiers.every((tier, i) => problemOf(tier, i) === null);
  const change = (at: number, part: Partial<Tier>): void =>
    edit({ ...value, tiers: tiers.map((tier, i) => (i === at ? { ...tier, ...part } : tier)) });
  const next = OFFERED.find(({ resolution }) => tiers.every((tier) => tier.resolution !== resolution)) ?? {
    resolution: '',
    keep: '1y',
  };
  return (
    <FormSection title={t('storage.tiers')} note={t('storage.tiersNote')}>
      {failure !== null && <ErrorNote error={failure} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (valid) void save({ tiers: tidy, useTiers });
        }}
      >
        {tiers.map((tier, i) => (
          <FormRow
            // Rows have no other identity than their place.
            key={i}
            label={i === 0 ? t('storage.tier') : ''}
            problem={problemOf(tier, i)}
            group
          >
            {({ description }) => (
              <div className={styles.line}>
                <TextField
                  label={t('storage.resolutionNumber', { number: i + 1 })}
                  {...(description !== undefined && { describedBy: description })}
                  className={styles.short}
                  value={tier.resolution}
                  onChange={(resolution) => change(i, { resolution })}
                  changed={base.tiers.at(i)?.resolution !== tier.resolution}
                  invalid={!isResolution(tier.resolution)}
                  disabled={!editable}
                  placeholder="5m"
                />
                <TextField
                  label={t('storage.keepTierNumber', { number: i + 1 })}
                  className={styles.short}
                  value={tier.keep}
                  onChange={(keep) => change(i, { keep })}
                  changed={base.tiers.at(i)?.keep !== tier.keep}
                  invalid={parseDuration(tier.keep.trim()) === null}
                  disabled={!editable}
                  placeholder="1y"
                />
                <Button
                  size="compact-sm"
                  disabled={!editable}
                  aria-label={t('storage.removeTier', { number: i + 1 })}
                  onClick={() => edit({ ...value, tiers: tiers.filter((_, k) => k !== i) })}
                >
                  {t('storage.remove')}
                </Button>
              </div>
            )}
          </FormRow>
        ))}
        <FormRow label="" group hint={conflict ? t('storage.changedElsewhere') : t('storage.tiersHint')}>
          {() => (
            <div className={styles.line}>
              <Button
                size="compact-sm"
                disabled={!editable || tiers.length >= 4}
                onClick={() => edit({ ...value, tiers: [...tiers, next] })}
              >
                {t('storage.addTier')}
              </Button>
              <Switch
                label={t('storage.useTiers')}
                checked={useTiers}
                disabled={!editable}
                onChange={(event) => edit({ ...value, useTiers: event.currentTarget.checked })}
              />
              {changed && (
                <>
                  <Button size="compact-sm" disabled={saving} onClick={discard}>
                    {t('save.discard')}
                  </Button>
                  <Button type="submit" size="compact-sm" variant="filled" loading={saving} disabled={!valid}>
                    {t('storage.save')}
                  </Button>
                </>
              )}
            </div>
          )}
        </FormRow>
        {view !== null && changed && valid && <ChangesPanel view={view} edit={editOf({ tiers: tidy, useTiers })} />}
      </form>
    </FormSection>
  );
}
