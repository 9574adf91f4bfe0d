import { ActionIcon, Menu } from '@mantine/core';
import { IconDownload, IconLink, IconPhoto, IconTable } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { seriesColor } from '#renderer/charts/index.ts';
import { routeTo } from '#renderer/frame/index.ts';
import { copyText, useFormat } from '#renderer/ui/index.ts';
import { download, imageOfChart } from './chart-image.ts';
import { csvOfChart } from './csv.ts';
import { writeAddress, type ExploreView } from './explore-address.ts';
import styles from './explore.module.css';
import type { ExploreChart } from './line-chart.ts';
import type { QueryRow } from './query-list.ts';
import type { TimeRange } from './use-time-range.ts';

interface ExportMenuProps {
  readonly rows: readonly QueryRow[];
  readonly range: TimeRange;
  readonly view: ExploreView;
  readonly chart: ExploreChart | null;
  readonly imageOf: () => HTMLCanvasElement | null;
}

/** Takes what is shown along: a picture, a table, an address. */
export function ExportMenu({ rows, range, view, chart, imageOf }: ExportMenuProps) {
  const { t } = useTranslation('explore');
  const format = useFormat();
  const [said, setSaid] = useState('');
  const name = `hearth-${new Date(range.end).toISOString().slice(0, 19).replaceAll(':', '')}`;
  const savePicture = async (): Promise<void> => {
    const canvas = imageOf();
    if (canvas === null || chart === null) return;
    const picture = await imageOfChart(canvas, {
      title: rows.map(({ ran }) => ran).join('\n'),
      note: t('export.range', { from: format.time(range.start, 'date-time'), to: format.time(range.end, 'date-time') }),
      legend: chart.legend.map(({ text, color }) => ({ text, color: seriesColor(color) })),
    });
    download(picture, `${name}.png`);
  };
  const copyLink = async (): Promise<void> => {
    // The times as they are, so that whoever opens it sees what is seen now.
    const address = writeAddress({ rows, view, range: { from: range.start, to: range.end } });
    const url = new URL(window.location.href);
    url.hash = routeTo(['explore'], address);
    setSaid((await copyText(url.href)) ? t('export.copied') : t('common:notCopied'));
  };
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={t('export.title')} title={t('export.title')} onClick={() => setSaid('')}>
            <IconDownload size={14} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPhoto size={14} stroke={1.6} />}
            disabled={chart === null || view.tab !== 'graph'}
            onClick={() => void savePicture()}
          >
            {t('export.png')}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconTable size={14} stroke={1.6} />}
            disabled={chart === null}
            onClick={() =>
              chart !== null && download(new Blob([csvOfChart(chart)], { type: 'text/csv' }), `${name}.csv`)
            }
          >
            {t('export.csv')}
          </Menu.Item>
          <Menu.Item leftSection={<IconLink size={14} stroke={1.6} />} onClick={() => void copyLink()}>
            {t('export.link')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {said !== '' && (
        <span className={styles.said} role="status">
          {said}
        </span>
      )}
    </>
  );
}
