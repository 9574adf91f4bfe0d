import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorDetail, Preferences } from '#shared/contract/index.ts';
import { errorDetail, usePreferences } from '#renderer/data/index.ts';
import { chooseTheme } from '#renderer/theme/index.ts';
import { ErrorNote, formatAge, WINDOWS } from '#renderer/ui/index.ts';
import { FormRow, FormSection } from './form-row.tsx';
import styles from './form.module.css';

const THEMES = ['system', 'light', 'dark'] as const;
const LANGUAGES = ['system', 'en', 'zh'] as const;
const ZONES = ['local', 'utc'] as const;
const REFRESHES = [0, 1000, 5000, 15_000, 60_000] as const;

/** How Hearth looks. Each choice applies at once. */
export function AppearanceSection() {
  const { t } = useTranslation('settings');
  const stored = usePreferences();
  const { preferences, known } = stored;
  const [failure, setFailure] = useState<ErrorDetail | null>(null);
  const choose = (change: Partial<Preferences>): void => {
    setFailure(null);
    stored.set(change).catch((error: unknown) => setFailure(errorDetail(error)));
  };
  return (
    <div className={styles.scroll}>
      {failure !== null && <ErrorNote error={failure} />}
      <FormSection title={t('appearance.look')}>
        <Choice
          label={t('appearance.theme')}
          options={THEMES.map((value) => ({ value, label: t(`appearance.theme-${value}`) }))}
          value={preferences.theme}
          disabled={!known}
          onChange={(value) => {
            const theme = THEMES.find((candidate) => candidate === value) ?? 'system';
            // This window at once; the others when the core has told them.
            chooseTheme(theme);
            choose({ theme });
          }}
        />
        <Choice
          label={t('appearance.language')}
          options={LANGUAGES.map((value) => ({ value, label: t(`appearance.language-${value}`) }))}
          value={preferences.language}
          disabled={!known}
          onChange={(value) => choose({ language: LANGUAGES.find((language) => language === value) ?? 'system' })}
        />
        <Choice
          label={t('appearance.zone')}
          options={ZONES.map((value) => ({ value, label: t(`appearance.zone-${value}`) }))}
          value={preferences.timeZone}
          disabled={!known}
          onChange={(value) => choose({ timeZone: value === 'utc' ? 'utc' : 'local' })}
        />
      </FormSection>
      <FormSection title={t('appearance.live')}>
        <Choice
          label={t('appearance.window')}
          options={WINDOWS.map(({ millis }) => ({ value: String(millis), label: formatAge(millis, 1) }))}
          value={String(preferences.liveWindow)}
          disabled={!known}
          onChange={(value) => choose({ liveWindow: Number(value) })}
        />
        <Choice
          label={t('appearance.refresh')}
          hint={t('appearance.refreshHint')}
          options={REFRESHES.map((value) => ({
            value: String(value),
            label: value === 0 ? t('appearance.eachScrape') : t('appearance.seconds', { count: value / 1000 }),
          }))}
          value={String(preferences.refresh)}
          disabled={!known}
          onChange={(value) => choose({ refresh: Number(value) })}
        />
      </FormSection>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly hint?: string;
  readonly options: { value: string; label: string }[];
  readonly value: string;
  readonly disabled: boolean;
  readonly onChange: (value: string) => void;
}

function Choice({ label, hint, options, value, disabled, onChange }: ChoiceProps) {
  return (
    <FormRow group label={label} hint={hint}>
      {({ description }) => (
        <SegmentedControl
          aria-label={label}
          aria-describedby={description}
          data={options}
          value={value}
          disabled={disabled}
          onChange={onChange}
        />
      )}
    </FormRow>
  );
}
