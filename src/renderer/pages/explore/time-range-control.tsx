import { SegmentedControl } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { formatDuration } from '#shared/model/index.ts';
import { TitleActions } from '#renderer/frame/index.ts';
import { IconButton } from '#renderer/ui/index.ts';
import styles from './explore.module.css';
import { PRESETS, type TimeRange } from './use-time-range.ts';

/** How far back, and whether new samples come in, in the title bar. */
export function TimeRangeControl({ range }: { readonly range: TimeRange }) {
  const { t } = useTranslation('explore');
  return (
    <TitleActions>
      <SegmentedControl
        aria-label={t('range.label')}
        data={PRESETS.map((length) => ({ value: String(length), label: formatDuration(length).replace('1d', '24h') }))}
        value={range.preset === null ? '' : String(range.preset)}
        onChange={(value) => range.choose(Number(value))}
      />
      <span className={styles.live} data-live={range.live || undefined}>
        {range.live ? t('range.live') : t('range.paused')}
      </span>
      <IconButton label={range.live ? t('range.pause') : t('range.resume')} onClick={() => range.setLive(!range.live)}>
        {range.live ? <IconPlayerPause size={14} stroke={1.6} /> : <IconPlayerPlay size={14} stroke={1.6} />}
      </IconButton>
    </TitleActions>
  );
}
