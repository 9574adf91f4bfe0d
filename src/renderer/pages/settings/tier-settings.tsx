import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { StorageForm } from '#shared/contract/index.ts';
import { parseDuration } from '#shared/model/index.ts';
import styles from './form.module.css';
import { StorageRows } from './storage-rows.tsx';
import { TextField } from './text-field.tsx';
import { useStorageEdit } from './use-storage-edit.ts';

type Tier = StorageForm['tiers'][number];

const MINUTE = 60_000;
const DAY = 86_400_000;
/** More would hardly save anything. */
const MOST_TIERS = 4;
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
  const { value, base, editable, edit } = storage;
  const { tiers, useTiers } = value;
  const change = (at: number, part: Partial<Tier>): void =>
    edit({ ...value, tiers: tiers.map((tier, i) => (i === at ? { ...tier, ...part } : tier)) });
  const next = OFFERED.find(({ resolution }) => tiers.every((tier) => tier.resolution !== resolution)) ?? {
    resolution: '',
    keep: '1y',
  };
  return (
    <StorageRows
      title={t('storage.tiers')}
      note={t('storage.tiersNote')}
      label={t('storage.tier')}
      hint={t('storage.tiersHint')}
      storage={storage}
      rows={tiers}
      problemOf={({ resolution, keep }, at) => {
        if (!isResolution(resolution)) return t('storage.badResolution', { text: resolution });
        const twice = tiers.findIndex((other) => parseDuration(other.resolution) === parseDuration(resolution));
        if (twice < at) return t('storage.twiceResolution', { text: resolution });
        return parseDuration(keep.trim()) === null ? t('problem.duration', { text: keep }) : null;
      }}
      removeLabel={(i) => t('storage.removeTier', { number: i + 1 })}
      addLabel={t('storage.addTier')}
      next={tiers.length >= MOST_TIERS ? null : next}
      withRows={(rows) => ({ ...value, tiers: rows })}
      saved={{
        tiers: tiers.map(({ resolution, keep }) => ({ resolution: resolution.trim(), keep: keep.trim() })),
        useTiers,
      }}
      extra={
        <Switch
          label={t('storage.useTiers')}
          checked={useTiers}
          disabled={!editable}
          onChange={(event) => edit({ ...value, useTiers: event.currentTarget.checked })}
        />
      }
    >
      {(tier, i, described) => (
        <>
          <TextField
            label={t('storage.resolutionNumber', { number: i + 1 })}
            {...described}
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
        </>
      )}
    </StorageRows>
  );
}
